/** The provider's own configuration: checked, compared, and turned into settings of the OpenAPI client. */
import type { ClientSettings } from "../openapi/client";
import type { Environment, Protocol } from "../openapi/endpoint";
import { checkProperties } from "./check";
import { diffProperties } from "./diff";
import type { CheckResult, DiffResult } from "./protocol";
import type { Property } from "./resource";
import { hasUnknown, type OpenValues, revealAll, seal, type Values } from "./values";

export const configurationProperties = {
  region: {
    type: "string",
    description:
      "Region id, such as `cn-hangzhou`. Defaults to ALIBABA_CLOUD_REGION_ID, ALIBABA_CLOUD_REGION or ALICLOUD_REGION.",
    // A resource found in another region is another resource.
    replaces: true,
    pattern: {
      matches: (text) => /^[a-z]+-[a-z0-9-]+$/.test(text),
      means: "a region id, such as cn-hangzhou",
    },
  },
  accessKey: {
    type: "string",
    description: "Access key id. Without it, the default credential chain is used.",
    secret: true,
  },
  secretKey: { type: "string", description: "Secret of the access key.", secret: true },
  securityToken: { type: "string", description: "Token of temporary (STS) credentials.", secret: true },
  protocol: {
    type: "string",
    description: "Protocol of the calls; those to `cs` are always HTTPS.",
    values: ["HTTP", "HTTPS"],
  },
  endpoints: {
    type: "map",
    description:
      "Product (cr, adcp, cs) -> host or host:port. Entries of other products are left alone, so that those of the alicloud provider can be passed on.",
  },
} as const satisfies Record<string, Property>;

export function checkConfiguration(news: Values, env: Environment): CheckResult {
  const { values, secrets } = revealAll(news);
  const inputs = readEndpoints(values);
  const region = inputs["region"] ?? regionOf(env);
  if (region !== undefined) inputs["region"] = region;
  const { version: _version, pluginDownloadURL: _url, ...own } = inputs;
  const failures = checkProperties(configurationProperties, own, secrets);
  if (region === undefined) {
    failures.push({
      property: "region",
      reason: "is missing: give the provider a region, or set ALIBABA_CLOUD_REGION_ID",
    });
  }
  if ("accessKey" in inputs !== "secretKey" in inputs) {
    const missing = "accessKey" in inputs ? "secretKey" : "accessKey";
    failures.push({ property: missing, reason: "is missing: accessKey and secretKey go together" });
  }
  for (const [name, property] of Object.entries(configurationProperties)) {
    if ("secret" in property && name in inputs) secrets.add(name);
  }
  return { inputs: seal(inputs, secrets), failures };
}

export function diffConfiguration(olds: Values, news: Values): DiffResult {
  const before = readEndpoints(revealAll(olds).values);
  const after = readEndpoints(revealAll(news).values);
  return { properties: diffProperties(configurationProperties, before, after) };
}

/** Settings of the client. Unknown entries (in a preview) are left out: then no call is made that needs them. */
export function clientSettings(args: Values): ClientSettings {
  const known = Object.entries(readEndpoints(revealAll(args).values)).filter(
    ([, value]) => !hasUnknown(value),
  );
  const { region, accessKey, secretKey, securityToken, protocol, endpoints } = Object.fromEntries(known) as {
    [name: string]: string | undefined;
  };
  return {
    region: region ?? "",
    protocol: protocol as Protocol | undefined,
    endpoints: endpoints as unknown as Record<string, string> | undefined,
    credentials: accessKey && secretKey ? { accessKey, secretKey, securityToken } : undefined,
  };
}

/** Stack configuration brings objects as JSON text. */
function readEndpoints(inputs: OpenValues): OpenValues {
  const { endpoints } = inputs;
  if (typeof endpoints !== "string") return { ...inputs };
  try {
    return { ...inputs, endpoints: JSON.parse(endpoints) as OpenValues };
  } catch {
    return { ...inputs };
  }
}

function regionOf(env: Environment): string | undefined {
  return env["ALIBABA_CLOUD_REGION_ID"] || env["ALIBABA_CLOUD_REGION"] || env["ALICLOUD_REGION"] || undefined;
}
