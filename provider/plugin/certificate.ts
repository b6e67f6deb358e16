/** What a kubeconfig says about itself: which server it is for, and how long its client certificate is valid. */
import { X509Certificate } from "node:crypto";

export interface KubeconfigFacts {
  /** Address of the API server. */
  server: string;
  /** Certificate authority, base64. Empty when the system's are trusted. */
  authority: string;
  /** Validity of the client certificate; missing for a kubeconfig with a token. */
  certificate?: { from: Date; until: Date };
}

interface Kubeconfig {
  "current-context"?: string;
  contexts?: { name: string; context?: { cluster?: string; user?: string } }[];
  clusters?: { name: string; cluster?: { server?: string; "certificate-authority-data"?: string } }[];
  users?: { name: string; user?: { "client-certificate-data"?: string } }[];
}

/** Reads the current context of a kubeconfig; throws on something else. */
export async function inspectKubeconfig(text: string): Promise<KubeconfigFacts> {
  const { parse } = await import("yaml");
  const config = (parse(text) ?? {}) as Kubeconfig;
  const context = named(config.contexts, config["current-context"])?.context;
  const cluster = named(config.clusters, context?.cluster)?.cluster;
  const user = named(config.users, context?.user)?.user;
  if (!cluster?.server) throw new Error("The kubeconfig names no API server.");
  const encoded = user?.["client-certificate-data"];
  return {
    server: cluster.server,
    authority: cluster["certificate-authority-data"] ?? "",
    certificate: encoded ? validity(encoded) : undefined,
  };
}

/** The entry of that name; kubectl takes the only one when there is no current context. */
function named<T extends { name: string }>(
  entries: T[] | undefined,
  name: string | undefined,
): T | undefined {
  return entries?.find((entry) => entry.name === name) ?? (entries?.length === 1 ? entries[0] : undefined);
}

function validity(encoded: string): { from: Date; until: Date } {
  const certificate = new X509Certificate(Buffer.from(encoded, "base64"));
  return { from: new Date(certificate.validFrom), until: new Date(certificate.validTo) };
}
