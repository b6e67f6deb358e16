/** Source and deployment repositories: every one is forked once, however many images are built from it. */
import type * as pulumi from "@pulumi/pulumi";
import { ForkedRepository } from "../components/source/forked-repository";
import { type RepositoryConfig, repositoryKey } from "./config/derived";
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

/** Named after the repository that it comes from, so that a fork can get another name without being made anew. */
function createRepository(
  config: RepositoryConfig,
  owner: string,
  options: pulumi.ComponentResourceOptions,
): ForkedRepository {
  if ("existing" in config) {
    const { existing, branch } = config;
    return new ForkedRepository(`source-${logical(existing)}`, { existing, branch }, options);
  }
  const { fork, ...rest } = config;
  return new ForkedRepository(`source-${logical(fork)}`, { source: fork, owner, ...rest }, options);
}

function logical(fullName: string): string {
  return fullName.toLowerCase().replace("/", "-");
}
