/**
 * A stand-in for Alibaba Cloud's OpenAPI: Container Registry (cr), billing (bssopenapi), ACK One (adcp),
 * Container Service (cs) and Location, for one account in one region, on loopback.
 *
 * One folder a product, one function an action, named like it. The gateway in front checks signatures and
 * parameters as the real one does; `faults` makes calls go wrong; the account is kept in a file. Further
 * products join the list below.
 */
import { setMaxListeners } from "node:events";
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { RegistryAccount } from "../../registry/account";
import { Jobs } from "./account/jobs";
import { Store } from "./account/store";
import { adcp } from "./adcp";
import { bssopenapi } from "./bss";
import type { Cloud } from "./cloud";
import { cr } from "./cr";
import { BuildFaults } from "./cr/build-faults";
import { type BuildLogLine, BuildLogs } from "./cr/build-logs";
import { BuildQueue } from "./cr/build-queue";
import { buildsFor, type Push, pushOf, type RefPushed, type WantedBuild } from "./cr/builds";
import { Console } from "./cr/console";
import { registryAccount } from "./cr/registry-account";
import { cs } from "./cs";
import { type Dump, dump } from "./dump";
import type { Product } from "./gateway/action";
import { type Call, CallLog } from "./gateway/calls";
import { Faults } from "./gateway/faults";
import { Gateway } from "./gateway/gateway";
import { type Credentials, SignatureCheck } from "./gateway/signature";
import { location } from "./location";
import type { ClusterHost, GitDirectory, ImageBuilder, World } from "./ports";
import { type SettingsArgs, settingsFrom } from "./settings";

export type { BuildFault, BuildFaults } from "./cr/build-faults";
export type { BuildLogLine } from "./cr/build-logs";
export type { Push, RefPushed, WantedBuild } from "./cr/builds";
export type { Console } from "./cr/console";
export type { Dump } from "./dump";
export type { Call } from "./gateway/calls";
export type { Fault, Faults } from "./gateway/faults";
export type * from "./ports";

const products: readonly Product[] = [cr, bssopenapi, adcp, cs, location];

export interface AlibabaOptions {
  /** Where the account is kept; made when missing, continued when there. */
  readonly stateFile: string;
  /** Where calls are appended, one JSON object a line, secrets masked. */
  readonly callLog: string;
  /** The only access key that is accepted. */
  readonly credentials: Credentials;
  /** For the HTTPS port: PEM, with 127.0.0.1 as subject alternative name. */
  readonly tls: { readonly key: string; readonly cert: string };
  /** @default free ones */
  readonly ports?: { readonly http?: number; readonly https?: number };
  readonly region: string;
  readonly clusters: ClusterHost;
  readonly git: GitDirectory;
  readonly world: World;
  readonly settings?: SettingsArgs;
  /**
   * The login of registries: the user of the account, and the password that somebody sets in the console of every
   * new instance. @default user "acme@sandbox", no password until ResetLoginPassword
   */
  readonly registryLogin?: { readonly user: string; readonly password?: string };
  /** Told when something fails that no caller waits for. @default writes to standard error */
  readonly onError?: (error: Error) => void;
}

export interface Alibaba {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly faults: Faults;
  /** Builds that are to go wrong. */
  readonly buildFaults: BuildFaults;
  /** What people do in the console, because there is no API for it or they prefer it. */
  readonly console: Console;
  /** The account as the registry needs it. */
  readonly registry: RegistryAccount;
  /** Closes all connections and waits up to two seconds for work under way; the next start repeats the rest. */
  stop(): Promise<void>;
  /** What the account holds now. */
  dump(): Dump;
  /** The calls of this process, oldest first. */
  calls(): readonly Call[];
  /** The builds that a push to a source repository asks for. */
  buildsFor(push: Push): WantedBuild[];
  /** Books the builds that a push starts, and returns at once. */
  pushed(event: RefPushed): void;
  /** Begins to build: what is waiting, and what an earlier process left. Until then builds wait. */
  buildWith(builder: ImageBuilder): void;
  /** What a build has said so far. */
  buildLog(buildId: string): BuildLogLine[];
  /**
   * A temporary login of an instance, as GetAuthorizationToken gives it: valid for at least half an hour.
   * @throws Error when there is no such instance
   */
  registryLogin(instanceId: string): { user: string; password: string };
}

/**
 * Starts the emulator on 127.0.0.1. Fleets that the account already has get their API servers back, and work
 * that was pending when the last process ended goes on.
 */
export async function startAlibaba(options: AlibabaOptions): Promise<Alibaba> {
  const onError = options.onError ?? ((error) => console.error(`alibaba emulator: ${error.message}`));
  const store = new Store(options.stateFile);
  const faults = new Faults();
  const calls = new CallLog(options.callLog);
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal); // each call that is delayed listens
  const address = { http: "", https: "" };
  const jobs = new Jobs(
    store,
    () => cloud,
    products.flatMap((each) => each.jobs),
    onError,
  );
  const save = () => store.save();
  const logs = new BuildLogs(join(dirname(options.stateFile), "build-logs"));
  const buildFaults = new BuildFaults();
  const builds = new BuildQueue(() => cloud, logs, buildFaults, save, onError);
  const cloud: Cloud = {
    account: store.account,
    region: options.region,
    settings: settingsFrom(options.settings),
    world: options.world,
    clusters: options.clusters,
    git: options.git,
    address,
    get sourceAccountBound() {
      return faults.sourceAccountBound;
    },
    registryUser: options.registryLogin?.user ?? "acme@sandbox",
    registryPassword: options.registryLogin?.password,
    builds,
    later: (delay, work, args) => jobs.schedule(delay, work, args),
  };
  const signatures = new SignatureCheck(options.credentials);
  const gateway = new Gateway(products, cloud, store, signatures, faults, calls, stopping.signal);
  const serve = (message: IncomingMessage, response: ServerResponse) => {
    gateway.handle(message, response).catch((error: Error) => {
      onError(error);
      response.destroy();
    });
  };
  const http = createHttp(serve);
  const https = createHttps({ key: options.tls.key, cert: options.tls.cert }, serve);
  const httpPort = await listen(http, options.ports?.http);
  const httpsPort = await listen(https, options.ports?.https);
  address.http = `127.0.0.1:${httpPort}`;
  address.https = `127.0.0.1:${httpsPort}`;
  jobs.resume();
  void revive(cloud, onError);
  const manual = new Console(cloud, save);

  return {
    httpPort,
    httpsPort,
    faults,
    buildFaults,
    console: manual,
    registry: registryAccount(cloud, save),
    async stop() {
      stopping.abort();
      await Promise.all([close(http), close(https), jobs.stop(), builds.stop()]);
    },
    dump: () => dump(store.account),
    calls: () => calls.list(),
    buildsFor: (push) => buildsFor(store.account, push),
    pushed(event) {
      const push = pushOf(event);
      if (push) builds.push(push);
    },
    buildWith: (builder) => builds.start(builder),
    buildLog: (id) => builds.log(id),
    registryLogin: (instanceId) => manual.registryLogin(instanceId),
  };
}

/** Starts the API servers of running Fleets and their members again, beside everything else. */
async function revive({ account, clusters }: Cloud, onError: (error: Error) => void): Promise<void> {
  for (const fleet of Object.values(account.fleets)) {
    if (fleet.state !== "running") continue;
    try {
      await clusters.ensure(fleet.id, "fleet");
      for (const { id } of fleet.members) await clusters.ensure(id, "member");
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/**
 * Idle connections stay open: the provider polls every five seconds, which is Node's default limit, and a request
 * that meets the closing of its connection looks like a lost reply.
 */
function listen(server: Server, port = 0): Promise<number> {
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
