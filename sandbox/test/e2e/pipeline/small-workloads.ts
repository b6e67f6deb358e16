/** Files of a deployment repository with nothing in them but Deployments of one pod. */
import { stringify } from "yaml";

interface Workload {
  name: string;
  image: string;
}

/** A kustomization in a folder. The image of a workload is its name, until Argo CD is told otherwise. */
export function kustomization(
  folder: string,
  workloads: readonly { name: string; tag: string }[],
): Record<string, string> {
  const deployments = workloads.map(({ name, tag }) => deployment({ name, image: `${name}:${tag}` }));
  const file = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: ["deployments.yaml"],
  };
  return {
    [`${folder}/deployments.yaml`]: deployments.join("---\n"),
    [`${folder}/kustomization.yaml`]: stringify(file),
  };
}

/** A chart with a value for each workload: `<name>: {image, tag}`. */
export function chart(
  folder: string,
  workloads: readonly { name: string; key: string; tag: string }[],
): Record<string, string> {
  const deployments = workloads.map(({ name, key }) =>
    deployment({ name, image: `{{ .Values.${key}.image }}:{{ .Values.${key}.tag }}` }),
  );
  const values = workloads.map(({ key, tag }) => [key, { image: "registry.example.com/none", tag }]);
  return {
    [`${folder}/Chart.yaml`]: stringify({
      apiVersion: "v2",
      name: folder.split("/").at(-1),
      version: "1.0.0",
    }),
    [`${folder}/values.yaml`]: stringify(Object.fromEntries(values)),
    [`${folder}/templates/deployments.yaml`]: deployments.join("---\n"),
  };
}

function deployment({ name, image }: Workload): string {
  const labels = { "app.kubernetes.io/name": name };
  return stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image }] } },
    },
  });
}
