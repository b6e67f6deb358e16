/** The registry, and an image repository with its build rules for every image of every service. */
import type * as pulumi from "@pulumi/pulumi";
import { ImageRepository } from "../components/registry/image-repository";
import { Registry } from "../components/registry/registry";
import { imageRepositoryName } from "./config/derived";
import type { ImageConfig } from "./config/images";
import type { PlatformConfig } from "./config/read";
import { pullEndpoint } from "./config/registry";
import { mapValues } from "./map-values";
import type { Repositories } from "./source";

export interface RegistryPart {
  registry: Registry;
  /** The one host name that stands in every image. */
  host: pulumi.Output<string>;
  /** Image repositories by service and alias. */
  images: Record<string, Record<string, ImageRepository>>;
  all: pulumi.Resource[];
}

export function createRegistry(
  config: PlatformConfig,
  repositories: Repositories,
  options: pulumi.ComponentResourceOptions,
): RegistryPart {
  const { instance, namespace, internet, vpcLinks } = config.registry;
  const registry = new Registry(
    "registry",
    {
      instance: "id" in instance ? instance : newInstance(instance, config.secrets.registryPassword),
      region: config.region,
      namespace,
      internet,
      vpcLinks,
    },
    options,
  );
  const createImage = ({ source, summary, build: { rules, ...build } }: ImageConfig, name: string) => {
    const repository = repositories.of(source);
    return new ImageRepository(
      `image-${name}`,
      {
        instanceId: registry.instanceId,
        namespaceName: registry.namespaceName,
        name,
        summary,
        tagImmutability: config.registry.tagImmutability,
        source: { owner: repository.owner, repository: repository.name },
        build,
        rules,
      },
      options,
    );
  };
  const images = mapValues(config.services, ({ images }) =>
    mapValues(images, (image) => createImage(image, imageRepositoryName(image))),
  );
  return {
    registry,
    host: registry.hosts[pullEndpoint(config.registry)],
    images,
    all: [registry, ...Object.values(images).flatMap((each) => Object.values(each))],
  };
}

type NewInstance = Exclude<PlatformConfig["registry"]["instance"], { id: string }>;

function newInstance({ setPassword, ...instance }: NewInstance, password: pulumi.Output<string> | undefined) {
  return setPassword ? { ...instance, password } : instance;
}
