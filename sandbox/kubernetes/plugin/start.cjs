// Loads the plugin's TypeScript without a build step. `tsx` is resolved from here, not from the current directory,
// which is wherever the engine was started.
require("node:module").enableCompileCache?.();
require("tsx/cjs");
require("./main.ts");
