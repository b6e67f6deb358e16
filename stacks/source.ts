/** Source and deployment repositories: every one is forked once, however many images are built from it. */
import type * as pulumi from "@pulumi/pulumi";
import { ForkedRepository } from "../components/source/forked-repository";
import { type RepositoryConfig, repositoryKey, repositoryLogicalName } from "./config/derived";
import type { PlatformConfig } from "./config/read";

export interface Repositories {
  /** The repository that a configuration entry stands for. */
  of(repository: RepositoryConfig): ForkedRepository;
  all: ForkedRepository[];
}

export function createRepositories(
  { owner, services, deployment }: PlatformConfig,
  options: pulumi.ComponentResourceOptions,
): Repositories {
  const repositories = new Map<string, ForkedRepository>();
  const images = Object.values(services).flatMap((service) => Object.values(service.images));
  for (const config of [deployment.repository, ...images.map(({ source }) => source)]) {
    const key = repositoryKey(config);
    if (!repositories.has(key)) {
      repositories.set(key, createRepository(config, owner, options));
    }
  }
  return {
    of: (config) => repositories.get(repositoryKey(config))!,
    all: [...repositories.values()],
  };
}

function createRepository(
  config: RepositoryConfig,
  owner: string,
  options: pulumi.ComponentResourceOptions,
): ForkedRepository {
  const name = repositoryLogicalName(config);
  if ("existing" in config) {
    return new ForkedRepository(name, config, options);
  }
  const { fork, ...rest } = config;
  return new ForkedRepository(name, { source: fork, owner, ...rest }, options);
}
