import { availableParallelism, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Platform } from "./platform";
import { type Build, ToolError, type Workplace } from "./tool";

/** Folders of Go modules that require the tools, one for each set of dependencies that go together. */
const modules = join(dirname(fileURLToPath(import.meta.url)), "go");

/** From this version on, `go` fetches the newer toolchain that a module asks for. */
const oldestGo = 21;

interface GoProgram {
  /** Folder below `go/` whose `go.mod` and `go.sum` decide on every version. */
  module: string;
  /** Package to build; default: the folder itself. */
  main?: string;
  /** Name of the executable. */
  name: string;
  /** Variables set at link time (`-X`): import path with name -> value. */
  stamps?: Record<string, string>;
  seconds: number;
  bytes: number;
}

/** A program built from Go modules. The flags are the same for all, so that they share Go's build cache. */
export function goProgram(program: GoProgram): Build {
  const main = program.main ?? ".";
  const stamps = Object.entries(program.stamps ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return {
    seconds: program.seconds,
    bytes: program.bytes,
    async run(workplace) {
      const go = goIn(program.module, workplace);
      const packages = await stalePackages(go, main, workplace);
      const flags = ["-v", "-trimpath", ...parallelism(), "-ldflags", ["-s -w", ...stamps].join(" ")];
      let compiled = 0;
      workplace.progress(packages === 1 ? "linking" : `${packages} packages to compile`);
      // With -v, Go prints each package that it begins to compile.
      await go(["build", ...flags, "-o", join(workplace.folder, program.name), main], (line) => {
        if (line.startsWith("go: ")) return workplace.progress(line.slice(4));
        compiled = Math.min(compiled + 1, packages);
        workplace.progress(`${compiled} of ${packages} packages, now ${line}`, compiled / (packages + 1));
      });
      return program.name;
    },
  };
}

/** Files out of a Go module, which `go.sum` verifies. `copy` gets the module's folder, which is read-only. */
export function goFiles(
  module: string,
  path: string,
  copy: (from: string, to: string) => Promise<string>,
): Build {
  return {
    seconds: 20,
    bytes: 100e6,
    async run(workplace) {
      const go = goIn(module, workplace);
      workplace.progress(`downloading the module ${path}`);
      await go(["mod", "download", path], (line) => workplace.progress(line.replace(/^go: /, "")));
      const folder = await go(["list", "-m", "-f", "{{.Dir}}", path]);
      return copy(folder.trim(), workplace.folder);
    },
  };
}

/**
 * @returns the version of `go` on the PATH
 * @throws ToolError that says how to get one, with `why` the tools have to be built
 */
export async function requireGo(env: NodeJS.ProcessEnv, why: string): Promise<string> {
  const run = await execa("go", ["env", "GOVERSION"], { env, extendEnv: false, reject: false });
  const version = /^go(\d+\.\d+[\w.]*)/.exec(String(run.stdout ?? "").trim())?.[1];
  if (run.failed || !version) {
    throw new ToolError(
      `${why}, and that needs Go, which is not on the PATH. Install Go 1.25 or newer from https://go.dev/dl ` +
        "(macOS: brew install go) and start again; what is there already is kept.",
    );
  }
  const [major, minor] = version.split(".").map(Number);
  if (major === 1 && minor! < oldestGo) {
    throw new ToolError(
      `${why}, and that needs Go 1.25 or newer; this is Go ${version}. Install one from https://go.dev/dl and start again.`,
    );
  }
  return version;
}

/** Go's two caches, where a build needs room beside our own. */
export async function goCaches(env: NodeJS.ProcessEnv): Promise<string[]> {
  const run = await execa("go", ["env", "GOCACHE", "GOMODCACHE"], { env, extendEnv: false, reject: false });
  return run.failed ? [] : run.stdout.split("\n").filter(Boolean);
}

/**
 * The caller's environment without what would change the result or the shared cache. His proxies, private
 * module hosts and cache folders stay.
 */
export function goEnvironment(
  env: NodeJS.ProcessEnv,
  platform: Platform,
  scratch: string,
): NodeJS.ProcessEnv {
  const { GOEXPERIMENT, GOAMD64, GOARM64, GODEBUG, ...kept } = env;
  return {
    ...kept,
    GOFLAGS: "-mod=readonly -buildvcs=false",
    GO111MODULE: "on",
    GOWORK: "off",
    CGO_ENABLED: "0",
    GOOS: platform.os,
    GOARCH: platform.arch,
    GOTMPDIR: scratch,
  };
}

type Go = (args: string[], onLine?: (line: string) => void) => Promise<string>;

function goIn(module: string, workplace: Workplace): Go {
  const env = goEnvironment(workplace.env, workplace.platform, workplace.scratch);
  return async (args, onLine) => {
    const child = execa("go", args, {
      cwd: join(modules, module),
      env,
      extendEnv: false,
      cancelSignal: workplace.signal,
      killSignal: "SIGINT",
      reject: false,
      buffer: { stdout: true, stderr: false },
    });
    const output: string[] = [];
    for await (const line of child.iterable({ from: "stderr" })) {
      output.push(line);
      if (output.length > 200) output.shift();
      onLine?.(line);
    }
    const { failed, stdout } = await child;
    workplace.signal.throwIfAborted();
    if (failed) throw explain(args, output, workplace);
    return stdout;
  };
}

/** Packages that Go has to compile because its cache doesn't hold them. Downloads the modules on the way. */
async function stalePackages(go: Go, main: string, workplace: Workplace): Promise<number> {
  let modulesFetched = 0;
  workplace.progress("reading the modules");
  const list = await go(
    ["list", "-trimpath", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", main],
    (line) => {
      const module = /^go: downloading (.*)/.exec(line)?.[1];
      if (module) workplace.progress(`${++modulesFetched} modules downloaded: ${module}`);
    },
  );
  return list.split("\n").filter(Boolean).length || 1;
}

/** One compiler takes up to 4 GB (the alicloud provider's largest package); others beside it 1 GB each. */
function parallelism(): string[] {
  const fit = Math.max(1, Math.floor((totalmem() / 1e9 - 4) / 1));
  return fit < availableParallelism() ? ["-p", String(fit)] : [];
}

/** The usual reasons in plain words; everything else with the end of Go's own output. */
function explain(args: string[], output: string[], workplace: Workplace): ToolError {
  const text = output.join("\n");
  const what = `${workplace.title} ${workplace.version} could not be built`;
  const modules = /(https?:\/\/[^\s/]+)[^\n]*(dial tcp|no such host|i\/o timeout|connection refused)/.exec(
    text,
  );
  if (/no space left on device|disk quota exceeded/i.test(text)) {
    return new ToolError(
      `${what}: the disk is full. Go's caches are where \`go env GOCACHE GOMODCACHE\` says.`,
    );
  }
  if (/signal: killed|cannot allocate memory|out of memory/i.test(text)) {
    return new ToolError(
      `${what}: the machine ran out of memory. Building takes up to 5 GB; close something and start again.`,
    );
  }
  if (/checksum mismatch|SECURITY ERROR/i.test(text)) {
    return new ToolError(`${what}: a Go module isn't what go.sum says.\n${tail(output)}`);
  }
  if (modules) {
    return new ToolError(
      `${what}: Go modules can't be downloaded from ${modules[1]}. Check the network and GOPROXY (\`go env GOPROXY\`).`,
    );
  }
  return new ToolError(`${what}: \`go ${args[0]}\` failed.\n${tail(output)}`);
}

function tail(output: string[]): string {
  return output
    .filter((line) => !/^[\w./~-]+$/.test(line))
    .slice(-15)
    .join("\n");
}
