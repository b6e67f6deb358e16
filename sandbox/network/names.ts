import { readFileSync, renameSync, writeFileSync } from "node:fs";

/**
 * The sandbox's name service: which loopback port answers for a public host name, like a registry's or Argo CD's. It
 * is a file, so that every process of the sandbox can look names up, and none needs the machine's own name service.
 *
 * A name is a host, or a domain that begins with a dot and stands for every host in it that has no entry of its own.
 */
export class NameBook {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** @param name `argocd.c01….cn-hangzhou.alicontainer.com`, or a domain: `.cr.aliyuncs.com` */
  publish(name: string, port: number): void {
    this.#save({ ...this.all(), [name]: port });
  }

  /** Fine when the name isn't there. */
  withdraw(name: string): void {
    const { [name]: _, ...rest } = this.all();
    this.#save(rest);
  }

  /** The port on 127.0.0.1; undefined for a name that nobody published. */
  portOf(host: string): number | undefined {
    const names = this.all();
    const labels = host.split(".");
    const domains = labels.map((_, index) => `.${labels.slice(index + 1).join(".")}`);
    return [host, ...domains].map((name) => names[name]).find((port) => port !== undefined);
  }

  all(): Record<string, number> {
    try {
      return JSON.parse(readFileSync(this.#file, "utf8")) as Record<string, number>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw error;
    }
  }

  #save(names: Record<string, number>): void {
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(names, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.#file);
  }
}
