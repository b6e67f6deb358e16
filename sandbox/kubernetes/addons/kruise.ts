/**
 * The add-on `ack-kruise`, as far as canary releases need it: Kruise Rollout with the manifests of its release. The
 * rest of OpenKruise (its own kinds of workloads) isn't installed.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { waitFor } from "../../supervisor";
import type { KubeObject } from "../api/client";
import { keyOf, type Objects } from "../api/objects";
import { untilServed } from "../crds";
import { kruiseRolloutImage } from "../kubelet/kruise-rollout";

export interface KruiseFiles {
  /** Path of kustomize. */
  kustomize: string;
  /** Folder with `config/default` and `lua_configuration/` of a release. */
  config: string;
}

const manager = "ack-addon-manager";
const version = "v0.6.2";
/** Once they are there the manager keeps them: it writes the address of its webhook into them. */
const keptByManager = new Set([
  "CustomResourceDefinition",
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
]);

/** Installs it, or does nothing; resolves when its webhook answers. */
export async function installKruise(objects: Objects, files: KruiseFiles): Promise<void> {
  const all = await render(files);
  for (const object of all) {
    if (keptByManager.has(object.kind)) await objects.createIfAbsent(object, manager);
    else await objects.apply(object, { manager, force: true });
    if (object.kind === "CustomResourceDefinition") await untilServed(objects, object);
  }
  const deployment = keyOf(all.find(({ kind }) => kind === "Deployment") as KubeObject);
  const probe = async () => {
    const status = (await objects.get(deployment))?.["status"] as { availableReplicas?: number } | undefined;
    return status?.availableReplicas ? undefined : JSON.stringify(status);
  };
  await waitFor("Kruise Rollout to run", probe, { within: 60_000 });
}

/**
 * Removes it. Custom resource definitions stay, and with them what people made of them. The webhooks go first: without
 * their server they would refuse every change of the Deployments under a canary.
 */
export async function uninstallKruise(objects: Objects, files: KruiseFiles): Promise<void> {
  const all = (await render(files)).filter(({ kind }) => kind !== "CustomResourceDefinition");
  const isWebhook = ({ kind }: KubeObject) => kind.endsWith("WebhookConfiguration");
  const namespace = all.filter(({ kind }) => kind === "Namespace");
  const others = all.filter((object) => !isWebhook(object) && !namespace.includes(object));
  for (const object of [...all.filter(isWebhook), ...others, ...namespace]) {
    await objects.delete(keyOf(object));
  }
  const probe = async () => {
    const left = await Promise.all(namespace.map((object) => objects.get(keyOf(object))));
    return left.some(Boolean) ? "its namespace is there" : undefined;
  };
  await waitFor("the end of Kruise Rollout", probe, { within: 60_000 });
}

/** The objects of the release, in the order in which they are made: what others need comes first. */
async function render({ kustomize, config }: KruiseFiles): Promise<KubeObject[]> {
  const { stdout } = await promisify(execFile)(kustomize, ["build", join(config, "config", "default")], {
    maxBuffer: 32 * 1024 * 1024,
  });
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null)
    .map((object) => (object.kind === "Deployment" ? withImage(object) : object));
}

function withImage(deployment: KubeObject): KubeObject {
  const copy = structuredClone(deployment);
  const { template } = copy["spec"] as {
    template: { spec: { containers: { image: string }[] } };
  };
  for (const container of template.spec.containers) container.image = `${kruiseRolloutImage}:${version}`;
  return copy;
}
