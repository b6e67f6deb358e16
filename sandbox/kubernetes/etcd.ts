import { request } from "node:https";
import { join } from "node:path";
import type { PortBook, ProcessSpec } from "../supervisor";
import { Authority, type KeyPair } from "./pki";

/** The one etcd behind every API server of a sandbox; each cluster has its own key prefix. */
export interface Etcd {
  spec: ProcessSpec;
  /** Arguments with which kube-apiserver reaches it. */
  clientArgs(clusterId: string): string[];
  /** Deletes everything that a cluster stored. */
  wipe(clusterId: string): Promise<void>;
}

export const etcdName = "etcd";
const prefixOf = (clusterId: string) => `/${clusterId}`;

/** Describes the etcd process. Its ports may move between runs: only the API servers know them. */
export async function describeEtcd(options: {
  binary: string;
  home: string;
  ports: PortBook;
  folders: { logs: string; pids: string };
}): Promise<Etcd> {
  const { ports, folders } = options;
  // An authority of its own, or every user's certificate would open the database behind the API servers.
  const pki = join(options.home, "pki", "etcd");
  const authority = await Authority.open(pki, "ackone sandbox etcd");
  const pair = await authority.server("etcd");
  const client = `https://127.0.0.1:${await ports.port("etcd", { movable: true })}`;
  const peer = `https://127.0.0.1:${await ports.port("etcd-peer", { movable: true })}`;
  const ca = join(pki, "ca.crt");
  const tls = (prefix: string) => [
    `--${prefix}cert-file=${pair.certFile}`,
    `--${prefix}key-file=${pair.keyFile}`,
    `--${prefix}trusted-ca-file=${ca}`,
    `--${prefix}client-cert-auth=true`,
  ];
  const call = (path: string, body?: unknown) => ask(client + path, authority.certificate, pair, body);
  return {
    spec: {
      name: etcdName,
      command: options.binary,
      args: [
        "--name=sandbox",
        `--data-dir=${join(options.home, "etcd")}`,
        "--unsafe-no-fsync", // a sandbox that lost power may be reset; a laptop's disk needn't suffer
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=sandbox=${peer}`,
        "--auto-compaction-retention=1h",
        "--log-level=warn",
        ...tls(""),
        ...tls("peer-"),
      ],
      env: { GOMEMLIMIT: "150MiB" },
      logFile: join(folders.logs, "etcd.log"),
      pidFile: join(folders.pids, "etcd.pid"),
      ready: async () => {
        const { health } = (await call("/health")) as { health?: string };
        return health === "true" ? undefined : `health: ${health}`;
      },
    },
    clientArgs: (clusterId) => [
      `--etcd-servers=${client}`,
      `--etcd-prefix=${prefixOf(clusterId)}`,
      `--etcd-cafile=${ca}`,
      `--etcd-certfile=${pair.certFile}`,
      `--etcd-keyfile=${pair.keyFile}`,
    ],
    wipe: async (clusterId) => {
      // Every key of the cluster lies between "<prefix>/" and "<prefix>0": "0" follows "/" in ASCII.
      const base64 = (text: string) => Buffer.from(text).toString("base64");
      const range = { key: base64(`${prefixOf(clusterId)}/`), range_end: base64(`${prefixOf(clusterId)}0`) };
      await call("/v3/kv/deleterange", range);
    },
  };
}

function ask(url: string, ca: string, { cert, key }: KeyPair, body?: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: body ? "POST" : "GET", ca, cert, key, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", reject);
      answer.once("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`etcd answered ${answer.statusCode}: ${text.slice(0, 200)}`));
      });
    });
    call.once("error", reject);
    call.setTimeout(10_000, () => call.destroy(new Error("etcd didn't answer within 10 s")));
    call.end(body ? JSON.stringify(body) : undefined);
  });
}
