/**
 * The switch of a registry instance's public endpoint. Every instance has the endpoint; this resource turns it on, waits
 * until it runs, and turns it off when it is deleted.
 */
import type { OpenApi } from "../../openapi/client";
import { CloudError, unlessGone } from "../../openapi/error";
import { type Context, defineResource, parseId, UnfinishedError } from "../resource";
import { instanceId } from "./ids";

interface Inputs {
  instanceId: string;
  endpointType: string;
  moduleName: string;
  enabled: boolean;
}

interface Outputs {
  status: string;
  domains: string[];
}

type State = Inputs & Outputs;

/** Seconds; usually one or two minutes pass. */
const LIMIT = 900;

export const instanceEndpoint = defineResource<Inputs, Outputs>({
  token: "ackone:registry:InstanceEndpoint",
  description: "Switches the public endpoint of a registry instance.",
  inputs: {
    instanceId,
    endpointType: {
      type: "string",
      description: "Network that the endpoint is for.",
      default: "internet",
      replaces: true,
      values: ["internet"],
    },
    moduleName: {
      type: "string",
      description: "What is served: images or charts.",
      default: "Registry",
      replaces: true,
      values: ["Registry", "Chart"],
    },
    enabled: { type: "boolean", description: "Whether the endpoint is on.", default: true },
  },
  outputs: {
    status: { type: "string", description: "State of the endpoint, such as RUNNING." },
    domains: { type: "strings", description: "Host names of the endpoint." },
  },

  preview(inputs, _region, state) {
    return state && state.enabled === inputs.enabled ? { status: state.status, domains: state.domains } : {};
  },

  async create(inputs, context) {
    return { id: idOf(inputs), state: await apply(inputs, context) };
  },

  async read(id, { api }) {
    return find(api, parseId(id, "instanceId", "endpointType", "moduleName"));
  },

  update(_id, inputs, context) {
    return apply(inputs, context);
  },

  async delete(_id, state, context) {
    const { api } = context;
    const endpoint = await find(api, state);
    if (!endpoint?.enabled) return;
    await unlessGone(turn(api, { ...state, enabled: false }));
    await waitUntil(false, state, context);
  },
});

type Key = Pick<Inputs, "instanceId" | "endpointType" | "moduleName">;

interface Reply {
  Enable?: boolean;
  Status?: string;
  Domains?: { Domain: string; Type?: string }[];
}

function idOf({ instanceId, endpointType, moduleName }: Key): string {
  return `${instanceId}:${endpointType}:${moduleName}`;
}

async function apply(inputs: Inputs, context: Context): Promise<State> {
  const { api } = context;
  const before = await find(api, inputs);
  if (before?.enabled !== inputs.enabled) await turn(api, inputs);
  try {
    return await waitUntil(inputs.enabled, inputs, context);
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== "timed-out") throw error;
    const seen = await find(api, inputs);
    throw new UnfinishedError(idOf(inputs), { status: "", domains: [], ...seen, ...inputs }, error);
  }
}

async function turn(api: OpenApi, { instanceId, endpointType, moduleName, enabled }: Inputs): Promise<void> {
  await api.call("UpdateInstanceEndpointStatus", {
    InstanceId: instanceId,
    EndpointType: endpointType,
    ModuleName: moduleName,
    Enable: enabled,
  });
}

function waitUntil(enabled: boolean, key: Key, { api, seconds }: Context): Promise<State> {
  return api.wait<State>({
    what: `the ${key.endpointType} endpoint of ${key.instanceId} to ${enabled ? "run" : "be off"}`,
    seconds: seconds(LIMIT),
    probe: async () => {
      const endpoint = await find(api, key);
      if (!endpoint) {
        // Gone with its instance: off for certain, and never to run.
        if (!enabled) return { done: { ...key, enabled, status: "", domains: [] } };
        return { pending: "no such instance" };
      }
      // Switching off takes a while too: DELETING, or whatever else is not RUNNING and on its way.
      const moving = endpoint.status !== "RUNNING" && endpoint.status.endsWith("ING");
      const ready = endpoint.enabled === enabled && !moving && (!enabled || endpoint.status === "RUNNING");
      return ready
        ? { done: endpoint }
        : { pending: `${endpoint.enabled ? "on" : "off"}, status ${endpoint.status || "unknown"}` };
    },
  });
}

async function find(api: OpenApi, { instanceId, endpointType, moduleName }: Key): Promise<State | undefined> {
  const reply = await unlessGone(
    api.call<Reply>("GetInstanceEndpoint", {
      InstanceId: instanceId,
      EndpointType: endpointType,
      ModuleName: moduleName,
    }),
  );
  if (!reply) return undefined;
  return {
    instanceId,
    endpointType,
    moduleName,
    enabled: reply.Enable === true,
    status: reply.Status ?? "",
    domains: (reply.Domains ?? []).map(({ Domain }) => Domain).sort(),
  };
}
