import type { Addon } from "../../emulators/alibaba/ports";
import type { KubeObject } from "../api/client";
import type { Objects } from "../api/objects";
import type { ImageSource, Login, PulledImage, RegistryLogins } from "../ports";
import { credentialHelperName, type HelperConfig } from "./credential-helper";
import type { Pod } from "./pod";
import { hostOf, isElsewhere } from "./registries";

export interface PullOptions {
  objects: Objects;
  /** Without it every image is there and nobody asks for a login. */
  images?: ImageSource;
  /** Without it the credential helper has nothing to give. */
  logins?: RegistryLogins;
  /** Add-ons of this cluster, as they are now. */
  addons(): readonly Addon[];
}

const unknownImage: PulledImage = { kind: "ok", entrypoint: [], cmd: [], env: [], labels: {} };

/** Pulls images with the logins that a pod has. */
export class Pulls {
  readonly #options: PullOptions;

  constructor(options: PullOptions) {
    this.#options = options;
  }

  /** Tries the pod's logins one after the other, as a node does; without any it asks as nobody. */
  async pull(pod: Pod, image: string): Promise<PulledImage> {
    const { images } = this.#options;
    if (!images || isElsewhere(image)) return unknownImage;
    const logins = await this.#loginsFor(pod, hostOf(image));
    let answer: PulledImage | undefined;
    for (const login of logins.length > 0 ? logins : [undefined]) {
      answer = await images.pull(image, login);
      if (answer.kind !== "unauthorized") break;
    }
    return answer as PulledImage;
  }

  /** A pod's own secrets, else what the credential helper has for it: the helper leaves pods with secrets alone. */
  async #loginsFor(pod: Pod, host: string): Promise<Login[]> {
    const secrets = pod.spec.imagePullSecrets ?? [];
    if (secrets.length === 0) return this.#helped(pod, host);
    const found = await Promise.all(
      secrets.map(({ name }) =>
        this.#options.objects.get({
          ...{ apiVersion: "v1", kind: "Secret", name },
          namespace: pod.metadata.namespace,
        }),
      ),
    );
    return found.flatMap((secret) => (secret ? loginsIn(secret, host) : []));
  }

  #helped(pod: Pod, host: string): Login[] {
    const { logins, addons } = this.#options;
    const addon = addons().find(({ name }) => name === credentialHelperName);
    const instance = logins?.instanceOf(host);
    if (!logins || !addon || !instance) return [];
    const { AcrInstanceInfo, watchNamespace, serviceAccount } = JSON.parse(addon.config) as HelperConfig;
    const helps =
      AcrInstanceInfo?.some(({ instanceId }) => instanceId === instance) &&
      lists(watchNamespace ?? "default", pod.metadata.namespace ?? "", "all") &&
      lists(serviceAccount ?? "default", pod.spec.serviceAccountName ?? "default", "*");
    return helps ? [logins.login(instance)] : [];
  }
}

/** Whether a comma-separated list has the name, or the word that stands for every name. */
function lists(list: string, name: string, everything: string): boolean {
  const names = list.split(",").map((each) => each.trim());
  return names.includes(name) || names.includes(everything);
}

/** Logins for a host in a Secret of type kubernetes.io/dockerconfigjson. */
export function loginsIn(secret: KubeObject, host: string): Login[] {
  const encoded = (secret["data"] as Record<string, string> | undefined)?.[".dockerconfigjson"] ?? "";
  let auths: Record<string, { username?: string; password?: string; auth?: string }>;
  try {
    auths = JSON.parse(Buffer.from(encoded, "base64").toString("utf8")).auths ?? {};
  } catch {
    return []; // as a node: a secret that can't be read is no login
  }
  return Object.entries(auths)
    .filter(([key]) => key.replace(/^https?:\/\//, "").replace(/\/.*$/, "") === host)
    .map(([, { username, password, auth }]) => {
      const text = Buffer.from(auth ?? "", "base64").toString("utf8");
      const colon = text.indexOf(":");
      return {
        user: username ?? text.slice(0, colon),
        password: password ?? text.slice(colon + 1),
      };
    });
}
