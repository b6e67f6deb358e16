/**
 * Registries on the internet that the sandbox has nothing of. Who runs an image from there gets a pod that is ready,
 * without a look at the image. Everything else is pulled, so a host name with a typing error is an error.
 */
const elsewhere = [
  ...["docker.io", "quay.io", "ghcr.io", "gcr.io", "registry.k8s.io", "k8s.gcr.io", "mcr.microsoft.com"],
  ...["public.ecr.aws", "registry.gitlab.com"],
];
/** Alibaba's public images, in the Personal Edition's registry of a region. */
const personalEdition = /^registry(-vpc)?\.[a-z0-9-]+\.aliyuncs\.com$/;

/** Host of an image reference; `docker.io` when it names none (distribution's reference grammar). */
export function hostOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return isHost ? first : "docker.io";
}

export function isElsewhere(image: string): boolean {
  const host = hostOf(image);
  return (
    personalEdition.test(host) || elsewhere.some((known) => host === known || host.endsWith(`.${known}`))
  );
}
