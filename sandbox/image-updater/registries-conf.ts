/**
 * The file registries.conf of the ConfigMap argocd-image-updater-config (docs/configuration/registries.md;
 * pkg/registry/config.go and endpoints.go). It is read once, at the start of the process.
 */
import { isScalar, parseDocument, visit } from "yaml";
import type { Behaviour } from "./behaviour";
import { parseDuration } from "./duration";
import type { ImageReference } from "./image-reference";

export interface Registry {
  name: string;
  /** URL of its API, without a slash at the end. */
  api: string;
  /** Host (with port) of the images, or empty for images without host. */
  prefix: string;
  /** Reference as in credentials.ts; empty for none. It is read when the registry is first asked. */
  credentials: string;
  /** Milliseconds that credentials are kept; 0 keeps them until the process ends. */
  credentialsExpire: number;
  tagSortMode: "latest-first" | "latest-last" | "none";
  insecure: boolean;
  /** Put before names without a slash. */
  defaultNamespace: string;
  /** Requests a second; Infinity without limit. */
  limit: number;
  isDefault: boolean;
}

/** Keys and their types. UnmarshalStrict takes no other key, and one mistake makes the whole file invalid. */
const keys: Record<string, "string" | "boolean" | "number" | "duration"> = {
  name: "string",
  api_url: "string",
  prefix: "string",
  ping: "boolean",
  credentials: "string",
  credsexpire: "duration",
  tagsortmode: "string",
  insecure: "boolean",
  defaultns: "string",
  limit: "number",
  default: "boolean",
};

/** Plain words that Go's yaml.v2 takes for a boolean: those of YAML 1.1 (its resolve.go). In quotes they are strings. */
const booleans = new Map(
  [
    ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"],
    ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"],
  ].flatMap((words, index) => words.map((word) => [word, index === 0] as const)),
);

/**
 * Reads the file.
 *
 * @throws Error that says what is wrong; nothing of the file counts then.
 */
export function parseRegistries(text: string): Registry[] {
  const file: unknown = readYaml(text) ?? {};
  if (!isMap(file)) {
    throw new Error("registries.conf: must be a map with the key registries");
  }
  const unknown = Object.keys(file).find((key) => key !== "registries");
  if (unknown !== undefined) {
    throw new Error(`registries.conf: field ${unknown} not found`);
  }
  const items = file["registries"] ?? [];
  if (!Array.isArray(items)) {
    throw new Error("registries.conf: registries must be a list");
  }
  const registries = items.map(readRegistry);
  const withoutPrefix = registries.filter((registry) => registry.prefix === "");
  if (withoutPrefix.length > 1) {
    const [first, second] = withoutPrefix.map((registry) => registry.name);
    throw new Error(
      `there must be only one default registry (already is ${first}), ${second} needs a prefix`,
    );
  }
  const defaults = registries.filter((registry) => registry.isDefault);
  if (defaults.length > 1) {
    const [first, second] = defaults.map((registry) => registry.prefix);
    throw new Error(
      `cannot set registry ${second} as default - only one default registry allowed, currently set to ${first}`,
    );
  }
  return registries;
}

const dockerHub: Registry = {
  ...inferred("docker.io"),
  name: "Docker Hub",
  api: "https://registry-1.docker.io",
  defaultNamespace: "library",
  limit: 10,
};

/**
 * The registry that an image is looked up in: the entry with exactly its host; from v0.17 else the entry with the
 * longest prefix of its full name; else `https://<host>` without credentials, which a private registry refuses.
 */
export function registryOf(image: ImageReference, registries: Registry[], behaviour: Behaviour): Registry {
  if (image.host === "") {
    return registries.find((registry) => registry.isDefault) ?? dockerHub;
  }
  const exact = registries.filter((registry) => registry.prefix === image.host).at(-1);
  if (exact !== undefined) {
    return exact;
  }
  const name = `${image.host}/${image.name}`;
  const fitting = registries
    .filter((registry) => behaviour.longestPrefix && name.startsWith(registry.prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return fitting[0] ?? (image.host === "docker.io" ? dockerHub : inferred(image.host));
}

function inferred(host: string): Registry {
  return {
    name: host,
    api: `https://${host}`,
    prefix: host,
    credentials: "",
    credentialsExpire: 0,
    tagSortMode: "none",
    insecure: false,
    defaultNamespace: "",
    limit: 20,
    isDefault: false,
  };
}

const boolean = "tag:yaml.org,2002:bool";

/** @throws Error for text that is no YAML, or has a key twice */
function readYaml(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors[0]) throw document.errors[0];
  // Only where a boolean is wanted: the name of a registry may well be "no".
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || keys[String(key.value)] !== "boolean") return;
      if (!isScalar(value) || value.type !== "PLAIN" || (value.tag ?? boolean) !== boolean) return;
      value.value = booleans.get(String(value.source)) ?? value.value;
    },
  });
  return document.toJS();
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readRegistry(item: unknown): Registry {
  if (!isMap(item)) {
    throw new Error("registries.conf: an entry must be a map");
  }
  for (const [key, value] of Object.entries(item)) {
    const type = keys[key];
    if (type === undefined) {
      throw new Error(`registries.conf: field ${key} not found`);
    }
    const fits =
      value === null ||
      (type === "duration" ? ["string", "number"].includes(typeof value) : typeof value === type);
    // Go takes a number or a boolean where a string is wanted, but not the other way round.
    if (!fits && !(type === "string" && typeof value !== "object")) {
      throw new Error(`registries.conf: ${key}: cannot unmarshal ${JSON.stringify(value)} into ${type}`);
    }
  }
  const text = (key: string) => String(item[key] ?? "");
  if (text("name") === "") {
    throw new Error("registry name is missing for an entry");
  }
  if (text("api_url") === "") {
    throw new Error(`API URL must be specified for registry ${text("name")}`);
  }
  const mode = text("tagsortmode").toLowerCase() || "none";
  if (mode !== "latest-first" && mode !== "latest-last" && mode !== "none") {
    throw new Error(`unknown tag sort mode for registry ${text("name")}: ${text("tagsortmode")}`);
  }
  const limit = Number(item["limit"] ?? 0);
  return {
    name: text("name"),
    api: text("api_url").replace(/\/$/, ""),
    prefix: text("prefix"),
    credentials: text("credentials"),
    credentialsExpire: readDuration("credsexpire", item["credsexpire"] ?? 0),
    tagSortMode: mode,
    insecure: item["insecure"] === true,
    defaultNamespace: text("defaultns"),
    limit: limit > 0 ? limit : Number.POSITIVE_INFINITY,
    isDefault: item["default"] === true,
  };
}

function readDuration(key: string, value: unknown): number {
  try {
    return parseDuration(value);
  } catch (error) {
    throw new Error(`registries.conf: ${key}: ${(error as Error).message}`);
  }
}
