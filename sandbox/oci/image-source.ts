import type { ImageSource, PulledImage } from "../kubernetes/ports";
import { RegistryError } from "./errors";
import { parseReference } from "./reference";
import { type ImageConfig, type Manifest, type Platform, Registry } from "./registry";
import type { Requester } from "./requester";

/** Where images without a host come from. */
const defaultHost = "docker.io";

/**
 * Pulls images as a node's container runtime does, as far as somebody who stands in for it needs to know them: it
 * reads manifest and config, no layers. What goes wrong is said in containerd's words.
 *
 * @param platform of the node, `os/arch`. Of an index, the first image for it is taken. Default: linux/amd64
 */
export function imageSource(network: Requester, platform = "linux/amd64"): ImageSource {
  return {
    async pull(image, credentials): Promise<PulledImage> {
      const reference = parseReference(image);
      if (reference === undefined) {
        const message = `failed to parse image name "${image}": invalid reference format`;
        return { kind: "missing", message };
      }
      const { host, name, tag, digest } = reference;
      const registry = new Registry(network, `https://${host || defaultHost}`, {
        ...(credentials && { credentials }),
      });
      try {
        const found = await registry.manifest(name, digest || tag || "latest");
        const manifest = await imageFor(registry, name, found, platform);
        if (manifest === undefined) {
          return failed("missing", image, `no match for platform in manifest: not found`);
        }
        const config = await registry.config(name, manifest);
        return { kind: "ok", ...settings(config), digest: found.digest };
      } catch (error) {
        return explain(image, error as Error);
      }
    },
  };
}

/** The image of an index that is for a platform; an image itself, whatever it is for, as containerd takes it. */
async function imageFor(
  registry: Registry,
  repository: string,
  found: Manifest,
  platform: string,
): Promise<Manifest | undefined> {
  if (found.config !== undefined) return found;
  const fitting = found.manifests.find((each) => nameOf(each.platform) === platform);
  return fitting === undefined ? undefined : registry.manifest(repository, fitting.digest);
}

const nameOf = ({ os, architecture }: Platform = {}) => `${os}/${architecture}`;

function settings({ config = {} }: ImageConfig) {
  return {
    entrypoint: config.Entrypoint ?? [],
    cmd: config.Cmd ?? [],
    env: config.Env ?? [],
    labels: config.Labels ?? {},
  };
}

function explain(image: string, error: Error): PulledImage {
  if (!(error instanceof RegistryError)) return failed("unreachable", image, error.message);
  if (error.isAboutAccess) {
    const words = "pull access denied, repository does not exist or may require authorization";
    return failed("unauthorized", image, `${words}: ${error.message}`);
  }
  return error.status === 404
    ? failed("missing", image, `${image}: not found`)
    : failed("unreachable", image, error.message);
}

function failed(kind: "missing" | "unauthorized" | "unreachable", image: string, why: string): PulledImage {
  return { kind, message: `failed to pull and unpack image "${image}": ${why}` };
}
