/** A process that builds one tool, to be killed by a test. Arguments: cache folder, PATH. */
import { Ensuring } from "../../tools/ensure";
import { goProgram } from "../../tools/go-build";

const [cacheDir, path] = process.argv.slice(2) as [string, string];
const build = goProgram({ module: "kubernetes", main: "example.com/a", name: "a", seconds: 60, bytes: 1e9 });
const ensuring = new Ensuring(
  { a: { title: "the a", version: "1.0.0", build } },
  { cacheDir, downloads: "off", env: { PATH: path } },
);
await ensuring.all(["a"]);
