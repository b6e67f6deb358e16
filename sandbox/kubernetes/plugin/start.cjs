// Loads the plugin's TypeScript without a build step. `tsx` is resolved from here, not from the current directory,
// which is wherever the engine was started.
require("node:module").enableCompileCache?.();
// What isn't compiled yet is compiled by a process that ends with its file. Otherwise esbuild keeps a thread and a second
// process for it: two more things that a start can wait for without end, and the engine with it.
process.env.ESBUILD_WORKER_THREADS = "0";
require("tsx/cjs");
require("./main.ts");
