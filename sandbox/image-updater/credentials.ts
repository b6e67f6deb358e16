/** References to credentials of registries (pkg/image/credentials.go; docs/basics/authentication.md). */
export type CredentialsReference =
  | { kind: "secret"; namespace: string; name: string; field: string }
  | { kind: "pullsecret"; namespace: string; name: string }
  | { kind: "env"; variable: string }
  | { kind: "ext"; script: string };

/**
 * Reads `secret:<namespace>/<name>#<field>`, `pullsecret:<namespace>/<name>`, `env:<variable>` or `ext:<path>`, each
 * optionally behind `<registry>=`.
 *
 * @throws Error with the reference, when it is none of them.
 */
export function parseCredentials(text: string): CredentialsReference {
  const invalid = new Error(`invalid credential spec: ${text}`);
  const registry = /^[^=]+=(.+)$/s.exec(text);
  const parts = (registry?.[1] ?? text).split(":");
  if (parts.length !== 2 || parts[0] === "" || parts[1] === "") {
    throw invalid;
  }
  const [kind, value] = parts as [string, string];
  switch (kind.toLowerCase()) {
    case "secret": {
      const match = /^([^/#]+)\/([^/#]+)#([^#]+)$/.exec(value);
      if (match === null) {
        throw new Error(`invalid secret definition: ${value}`);
      }
      return { kind: "secret", namespace: match[1]!, name: match[2]!, field: match[3]! };
    }
    case "pullsecret": {
      const match = /^([^/]+)\/([^/]+)$/.exec(value);
      if (match === null) {
        throw new Error(`invalid secret definition: ${value}`);
      }
      return { kind: "pullsecret", namespace: match[1]!, name: match[2]! };
    }
    case "env":
      return { kind: "env", variable: value };
    case "ext":
      return { kind: "ext", script: value };
    default:
      throw new Error(`unknown credential source: ${kind}`);
  }
}

export interface Credentials {
  username: string;
  password: string;
}

/**
 * Splits `user:password`, the form of Secret fields, variables and script output. The password may have colons, and
 * nothing is trimmed: a line break at the end of a Secret is part of the password.
 *
 * @throws Error when there is no colon.
 */
export function splitCredentials(text: string): Credentials {
  const at = text.indexOf(":");
  if (at < 0) {
    throw new Error("invalid credentials: must be <username>:<password>");
  }
  return { username: text.slice(0, at), password: text.slice(at + 1) };
}

/**
 * The login of a registry in the `.dockerconfigjson` of a pull secret.
 *
 * @param api URL of the registry's API (api_url, not the prefix). An entry fits when it begins with that URL or host.
 * @throws Error when there is none, or when it has no `auth`: username and password alone are not read.
 */
export function fromDockerConfig(json: string, api: string): Credentials {
  const { auths } = JSON.parse(json) as { auths?: Record<string, { auth?: string }> };
  if (auths === undefined || auths === null) {
    throw new Error("no credentials in image pull secret");
  }
  const host = api.replace(/^https?:\/\//, "").replace(/\/$/, "");
  for (const [registry, entry] of Object.entries(auths)) {
    if (!registry.startsWith(api) && !registry.startsWith(host)) {
      continue;
    }
    if (typeof entry.auth !== "string") {
      throw new Error(`invalid auth token for registry entry ${registry} ('auth' should be string)`);
    }
    return splitCredentials(Buffer.from(entry.auth, "base64").toString());
  }
  throw new Error(`no valid auth entry for registry ${api} found in image pull secret`);
}
