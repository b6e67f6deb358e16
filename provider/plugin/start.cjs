// Loads the plugin's TypeScript without a build step, as fast as if it had been compiled: `tsx` looks at every file that is
// loaded while it is registered, so it only is for the plugin's own files. Packages are resolved from here, not from the
// current directory, which is wherever the engine was started.
require("node:module").enableCompileCache?.();
require("@pulumi/pulumi/proto/provider_grpc_pb");
const unregister = require("tsx/cjs/api").register();
require("./main.ts");
unregister();
