// One start of a program, as the Node language host does it: Pulumi's own TypeScript loader without type check, then
// the program, on mocks instead of an engine. Prints the milliseconds since the start of the process, and ends, when
// the program registers its first resource.
//
//     node child.cjs <program.ts> <config as JSON> <secret keys as JSON>
const { writeSync } = require("node:fs");
const { performance } = require("node:perf_hooks");
const tsutils = require("@pulumi/pulumi/tsutils");
const { dirname, join } = require("node:path");

const [program, config, secretKeys] = process.argv.slice(2);
const { tsnodeRequire, typescriptRequire } = tsutils.typeScriptRequireStrings();
const loader = tsnodeRequire.startsWith("/")
  ? tsnodeRequire
  : require.resolve(tsnodeRequire, { paths: [join(dirname(require.resolve("@pulumi/pulumi")), "vendor")] });
const { noCheck, ...compilerOptions } = tsutils.loadTypeScriptCompilerOptions("tsconfig.json");
require(loader).register({ compiler: typescriptRequire, transpileOnly: noCheck, compilerOptions });

const pulumi = require("@pulumi/pulumi");
const done = (what) => {
  writeSync(1, `${performance.now()} ${what}`);
  // Not process.exit: the SDK would complain about what the program hasn't finished.
  process.reallyExit(0);
};
pulumi.runtime
  .setMocks(
    { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) },
    "ackone-delivery",
    "dev",
    true,
  )
  .then(() => {
    pulumi.runtime.setAllConfig(JSON.parse(config), JSON.parse(secretKeys));
    pulumi.runtime.getMonitor().registerResource = (request) => done(request.getName());
    require(program);
  });
