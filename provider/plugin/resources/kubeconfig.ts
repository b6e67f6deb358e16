/**
 * The kubeconfig of a Fleet or of a member cluster, always a secret.
 *
 * It stays the same from run to run, because a kubernetes provider is configured with it. It is fetched again, as an update,
 * when its client certificate has expired or is about to: `renewBeforeDays` before the end, but for short-lived certificates
 * no earlier than after three quarters of their life. A kubeconfig with a token instead of a certificate has no end. A
 * refresh takes a new one when the API server's address or authority has changed.
 */
import type { OpenApi } from "../../openapi/client";
import { unlessGone } from "../../openapi/error";
import { inspectKubeconfig, type KubeconfigFacts } from "../certificate";
import { type Context, defineResource, parseId } from "../resource";
import { clusterId } from "./ids";

interface Inputs {
  clusterId: string;
  source: string;
  privateIpAddress: boolean;
  renewBeforeDays: number;
}

interface Outputs {
  kubeconfig: string;
  expiration?: string;
}

type State = Inputs & Outputs;

/** Seconds; the address of a new Fleet's API server may take a few minutes. */
const LIMIT = 600;
const DAY = 24 * 3600 * 1000;
const NETWORKS = { true: "private", false: "public" } as const;

export const kubeconfig = defineResource<Inputs, Outputs>({
  token: "ackone:fleet:Kubeconfig",
  description: "The kubeconfig of a Fleet or of a member cluster, renewed before its certificate expires.",
  inputs: {
    clusterId,
    source: {
      type: "string",
      description: "Whether clusterId is a Fleet or a member cluster.",
      required: true,
      replaces: true,
      values: ["fleet", "member"],
    },
    privateIpAddress: {
      type: "boolean",
      description: "Use the API server's address in the VPC instead of the public one.",
      default: false,
      replaces: true,
    },
    renewBeforeDays: {
      type: "integer",
      description: "Days before the certificate's end from which an `up` renews it.",
      default: 7,
    },
  },
  outputs: {
    kubeconfig: { type: "string", description: "The kubeconfig, YAML.", secret: true },
    expiration: {
      type: "string",
      description: "End of the client certificate, RFC 3339; missing without a certificate.",
    },
  },

  check({ renewBeforeDays }) {
    if (renewBeforeDays === undefined || renewBeforeDays >= 0) return [];
    return [{ property: "renewBeforeDays", reason: `${renewBeforeDays} is negative; use 0 or more days` }];
  },

  async stale(state) {
    return (await isDue(state)) ? ["kubeconfig", "expiration"] : [];
  },

  /** The old one is shown until it is renewed: while it is valid, previews of what is in the cluster work with it. */
  preview(_inputs, _region, state) {
    if (!state || isExpired(state)) return {};
    return { kubeconfig: state.kubeconfig, expiration: state.expiration };
  },

  async create(inputs, context) {
    const { clusterId, source, privateIpAddress } = inputs;
    const id = `${source}:${clusterId}:${NETWORKS[`${privateIpAddress}`]}`;
    return { id, state: { ...inputs, ...(await fetch(inputs, context)) } };
  },

  async read(id, { api }, known) {
    const { source, clusterId, network } = parseId(id, "source", "clusterId", "network");
    const inputs = known ?? {
      clusterId,
      source,
      privateIpAddress: network === NETWORKS.true,
      renewBeforeDays: 7,
    };
    const text = await unlessGone(request(api, inputs));
    if (text === undefined) return undefined;
    // No address yet: nothing better than what is known.
    if (text === "") return known;
    const fresh = await inspectKubeconfig(text);
    if (known && isSameServer(await inspectKubeconfig(known.kubeconfig), fresh)) return known;
    return { ...inputs, ...outputs(text, fresh) };
  },

  async update(_id, inputs, context, olds) {
    const { kubeconfig, expiration } = olds;
    if (!(await isDue({ ...inputs, kubeconfig, expiration }))) return { ...inputs, kubeconfig, expiration };
    return { ...inputs, ...(await fetch(inputs, context)) };
  },

  async delete() {
    // A kubeconfig is a copy: nothing exists in the cloud because of it.
  },
});

type Key = Pick<Inputs, "clusterId" | "source" | "privateIpAddress">;

async function fetch(key: Key, { api, seconds }: Context): Promise<Outputs> {
  const text = await api.wait<string>({
    what: `the kubeconfig of ${key.clusterId}`,
    seconds: seconds(LIMIT),
    probe: async () => {
      const reply = await request(api, key);
      return reply
        ? { done: reply }
        : { pending: "an empty kubeconfig; the API server has no such address yet" };
    },
  });
  const facts = await inspectKubeconfig(text);
  if (facts.certificate && facts.certificate.until.getTime() <= Date.now()) {
    throw new Error(
      `The kubeconfig that Alibaba Cloud gives for ${key.clusterId} has expired at ${rfc3339(facts.certificate.until)}. ` +
        "Revoke it in the console (cluster -> Connection Information -> Revoke KubeConfig), then run `pulumi up` again.",
    );
  }
  return outputs(text, facts);
}

/** The kubeconfig's text; empty when there is none yet. */
async function request(api: OpenApi, { clusterId, source, privateIpAddress }: Key): Promise<string> {
  const parameters = { ClusterId: clusterId, PrivateIpAddress: privateIpAddress };
  if (source === "member") {
    const reply = await api.call<{ config?: string }>("DescribeClusterUserKubeconfig", parameters);
    return reply.config ?? "";
  }
  const reply = await api.call<{ Kubeconfig?: string }>("DescribeHubClusterKubeconfig", parameters);
  return reply.Kubeconfig ?? "";
}

function outputs(kubeconfig: string, { certificate }: KubeconfigFacts): Outputs {
  return { kubeconfig, ...(certificate ? { expiration: rfc3339(certificate.until) } : {}) };
}

/** RFC 3339 in UTC, without the milliseconds that a certificate doesn't have. */
function rfc3339(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}

function isSameServer(one: KubeconfigFacts, other: KubeconfigFacts): boolean {
  return one.server === other.server && one.authority === other.authority;
}

function isExpired({ expiration }: Pick<State, "expiration">): boolean {
  return expiration !== undefined && Date.parse(expiration) <= Date.now();
}

async function isDue(state: Pick<State, "kubeconfig" | "expiration" | "renewBeforeDays">): Promise<boolean> {
  if (state.expiration === undefined) return false;
  const left = Date.parse(state.expiration) - Date.now();
  if (left > state.renewBeforeDays * DAY) return false;
  if (left <= 0) return true;
  // Rare: near the end, or a short-lived certificate. Only now the certificate itself is read.
  const { certificate } = await inspectKubeconfig(state.kubeconfig);
  if (!certificate) return false;
  const life = certificate.until.getTime() - certificate.from.getTime();
  return left <= life / 4;
}
