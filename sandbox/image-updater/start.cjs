// Starts the updater's TypeScript without a build step, from whatever the current directory is.
require("node:module").enableCompileCache?.();
require("tsx/cjs");
require("./main.ts");
