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
import { Jobs } from "./account/jobs";
import { Store } from "./account/store";
import { adcp } from "./adcp";
import { bssopenapi } from "./bss";
import type { Cloud } from "./cloud";
import { cr } from "./cr";
import { buildsFor, type Push, type WantedBuild } from "./cr/builds";
import { cs } from "./cs";
import { type Dump, dump } from "./dump";
import type { Product } from "./gateway/action";
import { type Call, CallLog } from "./gateway/calls";
import { Faults } from "./gateway/faults";
import { Gateway } from "./gateway/gateway";
import { type Credentials, SignatureCheck } from "./gateway/signature";
import { location } from "./location";
import type { ClusterHost, GitDirectory, World } from "./ports";
import { type SettingsArgs, settingsFrom } from "./settings";

export type { Push, WantedBuild } from "./cr/builds";
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
  /** Told when something fails that no caller waits for. @default writes to standard error */
  readonly onError?: (error: Error) => void;
}

export interface Alibaba {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly faults: Faults;
  /** Closes all connections and waits up to two seconds for work under way; the next start repeats the rest. */
  stop(): Promise<void>;
  /** What the account holds now. */
  dump(): Dump;
  /** The calls of this process, oldest first. */
  calls(): readonly Call[];
  /** The builds that a push to a source repository asks for. */
  buildsFor(push: Push): WantedBuild[];
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

  return {
    httpPort,
    httpsPort,
    faults,
    async stop() {
      stopping.abort();
      await Promise.all([close(http), close(https), jobs.stop()]);
    },
    dump: () => dump(store.account),
    calls: () => calls.list(),
    buildsFor: (push) => buildsFor(store.account, push),
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
