import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";

/**
 * Ports below the range from which Linux (32768) and macOS (49152) take the ports of outgoing connections, so
 * that a remembered one is still free after a restart.
 */
const all = { lowest: 20_000, highest: 32_000 };

/**
 * `ACKONE_SANDBOX_PORTS`, such as `20000-23000`, else all of them. Whoever runs several sandboxes at once gives each a
 * range of its own: between choosing a port and listening on it another one may choose the same.
 * @throws Error for anything else
 */
export function portRange(environment: Readonly<Record<string, string | undefined>> = process.env) {
  const given = environment["ACKONE_SANDBOX_PORTS"];
  if (given === undefined) return all;
  const [lowest, highest] = (/^(\d{4,5})-(\d{4,5})$/.exec(given) ?? []).slice(1).map(Number);
  if (
    lowest === undefined ||
    highest === undefined ||
    lowest < 1024 ||
    highest > 65_535 ||
    highest - lowest < 100
  ) {
    throw new Error(
      `ACKONE_SANDBOX_PORTS: "${given}" is not a range of at least 100 ports; use for example ${all.lowest}-${all.highest}`,
    );
  }
  return { lowest, highest };
}

/**
 * Loopback ports by name, remembered in a file: kubeconfigs and stack files that name an address stay true over
 * restarts. One book per file and process.
 */
export class PortBook {
  readonly #file: string;
  readonly #ports: Record<string, number>;
  readonly #range: { lowest: number; highest: number };

  /** @param range where new ones are chosen; remembered ones may be elsewhere */
  constructor(file: string, range = portRange()) {
    this.#file = file;
    this.#range = range;
    this.#ports = read(file);
  }

  /**
   * The port of this name; a free one is chosen the first time.
   * @param movable nobody remembers the address, so another port will do if a stranger took it meanwhile
   * @throws Error when the remembered port is taken and not movable
   */
  async port(name: string, { movable = false } = {}): Promise<number> {
    const known = this.#ports[name];
    if (known !== undefined) {
      if (await isFree(known)) return known;
      if (!movable) {
        throw new Error(
          `port ${known} (${name}) is used by another program; end that program and start the sandbox again, or start afresh with "npm run sandbox -- reset"`,
        );
      }
    }
    const { lowest, highest } = this.#range;
    const taken = new Set(Object.values(this.#ports));
    for (let attempt = 0; attempt < 200; attempt++) {
      const port = lowest + Math.floor(Math.random() * (highest - lowest));
      if (taken.has(port)) continue;
      // Reserved before the check, so that two callers at once don't get the same one.
      this.#ports[name] = port;
      taken.add(port);
      if (await isFree(port)) {
        this.#save();
        return port;
      }
    }
    delete this.#ports[name];
    throw new Error(`no free loopback port between ${lowest} and ${highest}`);
  }

  /** The port of this name, free or not, if there is one. */
  known(name: string): number | undefined {
    return this.#ports[name];
  }

  forget(name: string): void {
    delete this.#ports[name];
    this.#save();
  }

  #save(): void {
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(this.#ports, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.#file);
  }
}

/** Whether a server could listen on this loopback port. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function read(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
