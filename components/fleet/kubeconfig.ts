/** Kubeconfigs of several clusters as one, with a context of a name that people know for each. */
import { parse, stringify } from "yaml";
import { VisibleError } from "../error";

/** An entry of a list in a kubeconfig; what is in it besides its name nobody here needs to know. */
interface Named {
  name: string;
  [key: string]: unknown;
}

interface Kubeconfig {
  clusters?: Named[];
  users?: Named[];
  contexts?: (Named & { context: { cluster: string; user: string } })[];
  "current-context"?: string;
}

/**
 * Joins kubeconfigs. ACK calls everything in them the same for every cluster, so that kubectl couldn't tell them apart;
 * here cluster, user and context have the name of the cluster.
 *
 * @param kubeconfigs YAML by the name of the cluster. Only the current context of each is used.
 * @returns YAML. The first cluster is the current one.
 * @throws {VisibleError} for one that has no current context; its content is never shown.
 */
export function joinedKubeconfig(kubeconfigs: Record<string, string>): string {
  const entries = Object.entries(kubeconfigs).map(([name, yaml]) => entriesOf(name, yaml));
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: entries.map(({ cluster }) => cluster),
    users: entries.map(({ user }) => user),
    contexts: entries.map(({ context }) => context),
    "current-context": entries[0]?.context.name ?? "",
  });
}

function entriesOf(name: string, yaml: string) {
  const config = parseKubeconfig(name, yaml);
  const current = config.contexts?.find((context) => context.name === config["current-context"]);
  const cluster = config.clusters?.find((each) => each.name === current?.context.cluster);
  const user = config.users?.find((each) => each.name === current?.context.user);
  if (!current || !cluster || !user) {
    throw new VisibleError(
      `The kubeconfig of the cluster ${name} has no current context with a cluster and a user; fetch it anew with pulumi up`,
    );
  }
  return {
    cluster: { ...cluster, name },
    user: { ...user, name },
    context: { ...current, name, context: { ...current.context, cluster: name, user: name } },
  };
}

function parseKubeconfig(name: string, yaml: string): Kubeconfig {
  try {
    return (parse(yaml) as Kubeconfig | null) ?? {};
  } catch {
    // The parser's message quotes the text, which is a secret.
    throw new VisibleError(`The kubeconfig of the cluster ${name} is not YAML; fetch it anew with pulumi up`);
  }
}
