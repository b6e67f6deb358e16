// Loads the plugin's TypeScript without a build step, as fast as if it had been compiled: `tsx` looks at every file that is
// loaded while it is registered, so it only is for the plugin's own files. Packages are resolved from here, not from the
// current directory, which is wherever the engine was started.
require("node:module").enableCompileCache?.();
require("@pulumi/pulumi/proto/provider_grpc_pb");
// What isn't compiled yet is compiled by a process that ends with its file. Otherwise esbuild keeps a thread and a second
// process for it: two more things that a start can wait for without end, and the engine with it.
process.env.ESBUILD_WORKER_THREADS = "0";
const unregister = require("tsx/cjs/api").register();
require("./main.ts");
unregister();
