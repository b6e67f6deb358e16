import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hash } from "bcryptjs";
import { stringify } from "yaml";
import type { ProcessSpec } from "../supervisor";

/** The registry process, and the only login that it knows: new for every start. */
export interface Distribution {
  spec: ProcessSpec;
  login: { user: string; password: string };
}

/** Describes the registry of the distribution project on loopback, with its contents in `home`. */
export async function describeDistribution(options: {
  binary: string;
  home: string;
  port: number;
}): Promise<Distribution> {
  const { home, port } = options;
  const login = { user: "gateway", password: randomBytes(24).toString("hex") };
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const loginFile = join(home, "htpasswd");
  // The password is random and long: the cheapest hash is as good as any, and is computed for every request.
  writeFileSync(loginFile, `${login.user}:${await hash(login.password, 4)}\n`, { mode: 0o600 });
  const configFile = join(home, "config.yml");
  const config = {
    version: 0.1,
    log: { level: "warn", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storageFolder(home) },
      cache: { blobdescriptor: "inmemory" },
      delete: { enabled: true },
    },
    http: { addr: `127.0.0.1:${port}`, relativeurls: true, secret: randomBytes(16).toString("hex") },
    auth: { htpasswd: { realm: "sandbox", path: loginFile } },
  };
  writeFileSync(configFile, stringify(config), { mode: 0o600 });
  return {
    login,
    spec: {
      name: "registry",
      command: options.binary,
      args: ["serve", configFile],
      env: { GOMEMLIMIT: "96MiB", OTEL_TRACES_EXPORTER: "none" },
      logFile: join(home, "registry.log"),
      pidFile: join(home, "registry.pid"),
      secrets: [login.password],
      ready: async (signal) => {
        const { status } = await fetch(`http://127.0.0.1:${port}/v2/`, { signal });
        return status === 401 ? undefined : `HTTP ${status}`;
      },
    },
  };
}

/** Where the process keeps its contents. */
export const storageFolder = (home: string): string => join(home, "storage");
