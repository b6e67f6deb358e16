import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import {
  type Credentials,
  type CredentialsReference,
  fromDockerConfig,
  splitCredentials,
} from "./credentials";
import type { Query } from "./plan";
import type { ClusterPort } from "./ports";
import type { Registry } from "./registries-conf";

/** Seconds that an `ext:` script may take. */
const scriptTimeout = 10;

/**
 * Reads credentials of registries. Those of registries.conf are kept until the process ends, or for `credsexpire`; a
 * pull-secret is read each time (pkg/registry/registry.go, SetEndpointCredentials).
 */
export class RegistryCredentials {
  readonly #cluster: Pick<ClusterPort, "secret">;
  readonly #environment: NodeJS.ProcessEnv;
  /** By registry; a promise, so that images looked up at once share one reading. */
  readonly #kept = new Map<string, { read: number; credentials: Promise<Credentials> }>();

  /** @param environment where `env:` variables are */
  constructor(cluster: Pick<ClusterPort, "secret">, environment: NodeJS.ProcessEnv) {
    this.#cluster = cluster;
    this.#environment = environment;
  }

  /** A registry's own credentials, as registries.conf refers to them. A failure isn't kept. */
  async ofRegistry({ registry, credentials: reference }: Query): Promise<Credentials | undefined> {
    if (reference === undefined) return undefined;
    const { api, credentialsExpire } = registry;
    const kept = this.#kept.get(api);
    if (kept && (credentialsExpire <= 0 || Date.now() - kept.read < credentialsExpire)) {
      return kept.credentials;
    }
    const credentials = this.read(reference, api);
    this.#kept.set(api, { read: Date.now(), credentials });
    credentials.catch(() => this.#kept.delete(api));
    return credentials;
  }

  /**
   * Since when a registry's credentials are used, and until when, for who wonders why a rotated password isn't.
   * @returns `undefined` when it has none
   */
  age({ api, credentials, credentialsExpire }: Registry): string | undefined {
    const kept = this.#kept.get(api);
    if (kept === undefined) return undefined;
    const expire = credentialsExpire > 0;
    const until = expire
      ? `they are read again after ${new Date(kept.read + credentialsExpire).toISOString()}`
      : "they are kept until a restart, because the registry has no credsexpire";
    return `${credentials} was read at ${new Date(kept.read).toISOString()}; ${until}`;
  }

  /** @throws Error that names what is missing, never with a value */
  async read(reference: CredentialsReference, api: string): Promise<Credentials> {
    switch (reference.kind) {
      case "secret": {
        const { namespace, name, field } = reference;
        return splitCredentials(await this.#field(namespace, name, field));
      }
      case "pullsecret": {
        const { namespace, name } = reference;
        return fromDockerConfig(await this.#field(namespace, name, ".dockerconfigjson"), api);
      }
      case "env": {
        const value = this.#environment[reference.variable];
        if (!value) {
          throw new Error(`could not fetch credentials: env '${reference.variable}' is not set`);
        }
        const credentials = splitCredentials(value);
        if (credentials.username === "" || credentials.password === "") {
          throw new Error(`could not fetch credentials: value of ${reference.variable} is malformed`);
        }
        return credentials;
      }
      case "ext":
        return splitCredentials((await run(reference.script)).replace(/\n$/, ""));
    }
  }

  async #field(namespace: string, name: string, field: string): Promise<string> {
    const where = `could not fetch secret '${name}' from namespace '${namespace}' (field: '${field}')`;
    const data = await this.#cluster.secret(namespace, name).catch((error: Error) => {
      throw new Error(`${where}: ${error.message}`);
    });
    const value = data[field];
    if (value === undefined) {
      throw new Error(`${where}: secret '${namespace}/${name}' does not have a field '${field}'`);
    }
    return value;
  }
}

function run(script: string): Promise<string> {
  if (!script.startsWith("/")) {
    throw new Error(`path to script must be absolute, but is '${script}'`);
  }
  if (!existsSync(script)) {
    throw new Error(`could not stat ${script}: no such file or directory`);
  }
  return new Promise((resolve, reject) => {
    // Its output holds a password, so it isn't in the message.
    execFile(script, { timeout: scriptTimeout * 1000 }, (error, stdout) =>
      error
        ? reject(new Error(`error executing ${script}: exit ${error.code ?? error.signal}`))
        : resolve(stdout),
    );
  });
}
