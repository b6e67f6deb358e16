import { waitFor } from "../../supervisor";
import type { KubeObject } from "../api/client";
import type { Objects } from "../api/objects";
import { argocdNamespace, hostedManager } from "./hosted-argocd";

const name = "argocd-server";
const podLabels = { "app.kubernetes.io/name": name };

/** Whether a pod of the Fleet is one of argocd-server's. */
export const isArgocdServer = ({ metadata }: KubeObject) =>
  metadata.namespace === argocdNamespace && metadata.labels?.["app.kubernetes.io/name"] === name;

/**
 * Puts the Deployment of argocd-server on the Fleet, with the Image Updater as second container, as ACK One has it
 * (ACK One, "Use Image Updater"). Annotations of others, such as those that restart the pods, stay. The images' names
 * are not documented, and nobody pulls them.
 */
export async function deployArgocdServer(
  fleet: Objects,
  { region, highAvailability }: { region: string; highAvailability: boolean },
): Promise<void> {
  const image = (of: string) => `registry-${region}-vpc.ack.aliyuncs.com/acs/${of}`;
  await fleet.apply(
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name,
        namespace: argocdNamespace,
        labels: { ...podLabels, "app.kubernetes.io/part-of": "argocd" },
      },
      spec: {
        replicas: highAvailability ? 2 : 1,
        selector: { matchLabels: podLabels },
        template: {
          metadata: { labels: podLabels },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              { name, image: image("argocd:v3.1.9") },
              { name: "argocd-image-updater", image: image("argocd-image-updater:v0.12.2") },
            ],
          },
        },
      },
    },
    { manager: hostedManager, force: true },
  );
}

/**
 * The pods of argocd-server, at least one.
 * @returns their uids; none when the controllers don't make any in time
 */
export async function podsOfArgocdServer(fleet: Objects): Promise<Set<string>> {
  let found = new Set<string>();
  const probe = async () => {
    const pods = (await fleet.list("v1", "Pod", argocdNamespace)).filter(isArgocdServer);
    found = new Set(pods.map(({ metadata }) => String(metadata.uid)));
    return found.size > 0 ? undefined : "there is none yet";
  };
  await waitFor("the pods of argocd-server", probe, { within: 10_000, every: 50 }).catch(() => {});
  return found;
}
