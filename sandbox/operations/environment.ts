import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse, stringify } from "yaml";

/** Everything that a person who operates a platform has on their machine. */
export interface OperatorSeat {
  /** Folder for the files below; only its owner can read them. */
  folder: string;
  /** The engine's environment: `pulumi` works in it. `GITHUB_TOKEN` is among it. */
  engine: Readonly<Record<string, string>>;
  /** Paths of the programs, by the name that is typed. */
  programs: Readonly<Record<string, string>>;
  /** The stack's two kubeconfigs; the one of the members has a context for each. */
  kubeconfigs: { fleet: string; members: string };
  /** Argo CD's host, and the token of a login. */
  argocd: { host: string; token: string };
  /** Variables that lead to hosts which exist in the sandbox only. */
  proxy: Readonly<Record<string, string>>;
  /** PEM file with the authorities that are trusted. */
  caBundle: string;
  /** Who commits. */
  person: { name: string; email: string };
}

/**
 * Lays the seat out as files and returns the environment in which `git`, `argocd`, `kubectl` and `pulumi` are logged
 * in. No secret is in an argument; those of argocd and kubectl are in their own configuration files, as always.
 */
export function layOutOperator(seat: OperatorSeat): Record<string, string> {
  const { folder, engine, programs, kubeconfigs, argocd, proxy, caBundle, person } = seat;
  const at = (...names: string[]) => join(folder, ...names);
  for (const each of [at("bin"), at("argocd"), at("kube-cache"), at("work")]) {
    mkdirSync(each, { recursive: true, mode: 0o700 });
  }
  for (const [name, path] of Object.entries(programs)) {
    rmSync(at("bin", name), { force: true });
    symlinkSync(path, at("bin", name));
  }
  const write = (name: string, text: string, mode = 0o600) => {
    writeFileSync(at(name), text, { mode });
    chmodSync(at(name), mode);
  };
  write("kubeconfig", mergeKubeconfigs(kubeconfigs));
  write(join("argocd", "config"), argocdConfig(argocd));
  write("gitconfig", `[user]\n\tname = ${person.name}\n\temail = ${person.email}\n`);
  write("askpass", askpass, 0o700);
  const proxies = Object.entries(proxy).flatMap(([name, value]) => [
    [name, value],
    [name.toLowerCase(), value],
  ]);
  return {
    ...engine,
    HOME: engine["HOME"] ?? process.env["HOME"] ?? folder,
    PATH: [at("bin"), engine["PATH"] ?? ""].join(delimiter),
    ...(Object.fromEntries(proxies) as Record<string, string>),
    SSL_CERT_FILE: caBundle,
    KUBECONFIG: at("kubeconfig"),
    KUBECACHEDIR: at("kube-cache"),
    ARGOCD_CONFIG_DIR: at("argocd"),
    GIT_CONFIG_GLOBAL: at("gitconfig"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_SSL_CAINFO: caBundle,
    GIT_ASKPASS: at("askpass"),
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** Git asks it for a user name, then for a password. */
const askpass = `#!/bin/sh
case "$1" in
  Username*) echo x-access-token ;;
  *) printf '%s\\n' "$GITHUB_TOKEN" ;;
esac
`;

/** As \`argocd login\` writes it. */
function argocdConfig({ host, token }: OperatorSeat["argocd"]): string {
  return stringify({
    "current-context": host,
    contexts: [{ name: host, server: host, user: host }],
    servers: [{ server: host }],
    users: [{ name: host, "auth-token": token }],
  });
}

interface Kubeconfig {
  clusters: { name: string; cluster: unknown }[];
  users: { name: string; user: unknown }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
  "current-context": string;
}

/** One file: the Fleet's context is called `fleet`, those of the members as they are called already. */
export function mergeKubeconfigs({ fleet, members }: OperatorSeat["kubeconfigs"]): string {
  const one = parse(fleet) as Kubeconfig;
  const others = parse(members) as Kubeconfig;
  const contexts = one.contexts.map((each) =>
    each.name === one["current-context"] ? { ...each, name: "fleet" } : each,
  );
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [...one.clusters, ...others.clusters],
    users: [...one.users, ...others.users],
    contexts: [...contexts, ...others.contexts],
    "current-context": "fleet",
  });
}
