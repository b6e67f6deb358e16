/**
 * The registry: a real one of the distribution project, with the host names, logins and rules of Container Registry
 * in front. See README.md.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Authority } from "../kubernetes/pki";
import { NameBook } from "../network/names";
import { endLeftovers, type PortBook } from "../supervisor";
import type { RegistryAccount } from "./account";
import { describeDistribution, storageFolder } from "./distribution";
import { RegistryGateway } from "./gateway";
import { KeptAlive } from "./kept-alive";
import { ContentStore } from "./store";
import { TokenService } from "./token-service";
import { Tokens } from "./tokens";

export type * from "./account";

export interface RegistryOptions {
  /** Folder for everything it keeps; made when missing. */
  home: string;
  /** The registry of the distribution project. */
  binary: string;
  ports: PortBook;
  /** Where its host names become known to the rest of the sandbox. */
  names: NameBook;
  authority: Authority;
  account: RegistryAccount;
  /** Seconds that a bearer token is valid. @default 300 */
  tokenLifetime?: number;
  /** Told when something fails that no caller waits for. @default writes to standard error */
  onError?: (error: Error) => void;
}

export interface Registry {
  /** The host names as build machines see them: they get through even when no endpoint is on. */
  internalNames: NameBook;
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

/** Starts the registry; resolves when images can be pushed and pulled. */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const { home, ports, names, account, authority } = options;
  const onError = options.onError ?? ((error) => console.error(`registry: ${error.message}`));
  mkdirSync(home, { recursive: true, mode: 0o700 });
  await endLeftovers(home);
  sweep(home, account.repositoryIds());
  const hosts = [`.cr.aliyuncs.com`, ...Object.values(TokenService.hosts(account.region))];
  const port = await ports.port("registry-store", { movable: true });
  const { spec, login } = await describeDistribution({ binary: options.binary, home, port });
  const process = new KeptAlive(spec, onError);
  await process.start();
  const store = new ContentStore(port, login);
  const tls = await authority.server(`registry-${account.region}`, [
    `*.${account.region}.cr.aliyuncs.com`,
    ...Object.values(TokenService.hosts(account.region)),
  ]);
  const tokens = new Tokens(join(home, "token.key"), options.tokenLifetime ?? 300);
  const open = async (name: string, internal: boolean, book: NameBook) => {
    const gateway = new RegistryGateway({ account, tokens, store, tls, internal, onError });
    const own = await ports.port(name, { movable: true });
    await gateway.listen(own);
    for (const host of hosts) book.publish(host, own);
    return gateway;
  };
  const internalNames = new NameBook(join(home, "internal-names.json"));
  const gateways = [
    await open("registry", false, names),
    await open("registry-internal", true, internalNames),
  ];
  return {
    internalNames,
    async stop() {
      for (const host of hosts) names.withdraw(host);
      await Promise.all(gateways.map((gateway) => gateway.close()));
      store.close();
      await process.stop();
    },
  };
}

/** Forgets the contents of repositories that the account no longer has; ids are never used again. */
function sweep(home: string, repositoryIds: readonly string[]): void {
  const folder = join(storageFolder(home), "docker/registry/v2/repositories");
  if (!existsSync(folder)) return;
  for (const id of readdirSync(folder)) {
    if (!repositoryIds.includes(id)) rmSync(join(folder, id), { recursive: true, force: true });
  }
}
