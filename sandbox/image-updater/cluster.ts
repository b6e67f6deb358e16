import { ApiError, type KubeClient, type KubeObject } from "../kubernetes/api/client";
import type { Application, ApplicationSource } from "./applications";
import { nameOf, tagText } from "./image-reference";
import type { ClusterPort, SecretData } from "./ports";
import type { Write } from "./write";
import type { Change } from "./write-back";

const group = "/apis/argoproj.io/v1alpha1";
const typeLabel = "argocd.argoproj.io/secret-type";

interface Secret extends KubeObject {
  data?: Record<string, string>;
}

/** The Fleet, over its API server. */
export class Fleet implements ClusterPort {
  readonly #client: KubeClient;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  async applications(namespace: string): Promise<Application[]> {
    const path = `${group}/namespaces/${namespace}/applications`;
    const { items } = await this.#client.call<{ items: Application[] }>("GET", path);
    return items.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  async secret(namespace: string, name: string): Promise<SecretData> {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
    return decoded(await this.#client.call<Secret>("GET", path));
  }

  async gitSecrets(namespace: string): Promise<{ repositories: SecretData[]; templates: SecretData[] }> {
    const labelSelector = `${typeLabel} in (repository,repo-creds)`;
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    const { items } = await this.#client.call<{ items: Secret[] }>("GET", path, { query: { labelSelector } });
    const ofType = (type: string) =>
      items.filter(({ metadata }) => metadata.labels?.[typeLabel] === type).map(decoded);
    return { repositories: ofType("repository"), templates: ofType("repo-creds") };
  }

  async registriesConf(namespace: string): Promise<string | undefined> {
    const path = `/api/v1/namespaces/${namespace}/configmaps/argocd-image-updater-config`;
    const found = await this.#client.find(path);
    return (found?.["data"] as Record<string, string> | undefined)?.["registries.conf"];
  }

  async updateSource(
    application: Application,
    source: ApplicationSource,
    write: Extract<Write, { method: "argocd" }>,
  ): Promise<void> {
    const { parameters, images } = write;
    const changed: Partial<ApplicationSource> =
      images.length > 0
        ? { kustomize: { ...source.kustomize, images } }
        : { helm: { ...source.helm, parameters } };
    const { sources = [] } = application.spec;
    // A merge patch replaces a list, so all sources are sent.
    const spec = sources.includes(source)
      ? { sources: sources.map((each) => (each === source ? { ...each, ...changed } : each)) }
      : { source: changed };
    const { namespace, name } = application.metadata;
    await this.#client.call("PATCH", `${group}/namespaces/${namespace}/applications/${name}`, {
      body: { spec },
      contentType: "application/merge-patch+json",
      query: { fieldManager: "argocd-image-updater" },
    });
  }

  async report({ metadata }: Application, changes: Change[]): Promise<void> {
    const { name, namespace, uid, resourceVersion } = metadata;
    const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const annotations = changes.flatMap(({ image, old, new: next }, index) => {
      const key = (field: string) => `argocd-image-updater.image-${index}/${field}`;
      return [
        [key("full-image-name"), nameOf(image)],
        [key("image-name"), image.name],
        [key("old-tag"), tagText(old)],
        [key("new-tag"), tagText(next)],
      ];
    });
    await this.#client.call("POST", `/api/v1/namespaces/${namespace}/events`, {
      body: {
        metadata: {
          name: `${name}.${process.hrtime.bigint().toString(16)}`,
          namespace,
          annotations: Object.fromEntries(annotations),
        },
        source: { component: "ArgocdImageUpdater" },
        involvedObject: {
          kind: "Application",
          apiVersion: "argoproj.io/v1alpha1",
          name,
          namespace,
          uid,
          resourceVersion,
        },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
        message: `Successfully updated application '${name}'`,
        type: "Normal",
        reason: "ImagesUpdated",
      },
    });
  }
}

/** Whether the API server doesn't know Applications: Argo CD isn't there (yet, or any more). */
export function isWithoutArgocd(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}

function decoded({ data = {} }: Secret): SecretData {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
  );
}
