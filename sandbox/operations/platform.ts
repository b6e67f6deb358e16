/**
 * What an operator has to know about a stack: read from the two commands that answer it in any cloud,
 * `pulumi config --json` and `pulumi stack output --json`.
 */
import { basename } from "node:path";
import { parse } from "yaml";

/** One image of a service, and the source repository that it is built from. */
export interface ServiceImage {
  /** `host/namespace/name`, without tag. */
  reference: string;
  /** `owner/name` on GitHub. */
  source: string;
  branch: string;
  /** Which pushes build it: regular expressions for the name of a tag or branch. */
  rules: { on: "tag" | "branch"; pattern: string }[];
}

export interface Service {
  /** By alias. */
  images: Record<string, ServiceImage>;
  /** Tags that Image Updater never uses in one environment, by its name. */
  ignoreTags: Record<string, string[]>;
}

export interface Environment {
  /** Member cluster by its name in the stack file, which is the name of the kubectl context, too. */
  cluster: string;
  namespace: string;
  /** Deployed without a person. */
  automatic: boolean;
}

export interface Platform {
  services: Record<string, Service>;
  /** In the order in which a release travels. */
  environments: Record<string, Environment>;
  deployment: { repository: string; branch: string };
}

interface SourceConfig {
  fork?: string;
  name?: string;
  existing?: string;
  branch?: string;
}

interface StackConfig {
  services: Record<
    string,
    {
      images: Record<
        string,
        { source: SourceConfig; build?: { rules?: { on?: "tag" | "branch"; pattern?: string }[] } }
      >;
      ignoreTags?: Record<string, string[]>;
    }
  >;
  environments: Record<string, { cluster: string; namespace: string; sync: "automatic" | "manual" }>;
  deployment: { repository: SourceConfig };
}

/** The program's default: `release-v1.2.3` builds `v1.2.3`. */
const defaultRules = [{ on: "tag" as const, pattern: "release-(?<imageTag>v[\\w.-]+)" }];

/**
 * @param config what `pulumi config --json` prints
 * @param outputs what `pulumi stack output --json` prints
 * @param file the stack file; it alone has the environments in their order, `pulumi` sorts their names
 */
export function readPlatform(config: string, outputs: string, file: string): Platform {
  const { services, environments, deployment } = stackConfig(config);
  const { images, deploymentRepository } = JSON.parse(outputs) as {
    images?: Record<string, Record<string, string>>;
    deploymentRepository?: string;
  };
  if (images === undefined || deploymentRepository === undefined) {
    throw new Error('The stack has no outputs yet; run "pulumi up" first.');
  }
  const owner = deploymentRepository.split("/")[0]!;
  return {
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [
        name,
        {
          images: Object.fromEntries(
            Object.entries(service.images).map(([alias, { source, build }]) => [
              alias,
              {
                reference: images[name]![alias]!,
                source: source.existing ?? `${owner}/${source.name ?? basename(source.fork!)}`,
                branch: source.branch ?? "main",
                rules: build?.rules?.map(ruleOf) ?? defaultRules,
              },
            ]),
          ),
          ignoreTags: service.ignoreTags ?? {},
        },
      ]),
    ),
    environments: Object.fromEntries(
      inOrder(Object.keys(environments), file).map((name) => {
        const { cluster, namespace, sync } = environments[name]!;
        return [name, { cluster, namespace, automatic: sync === "automatic" }];
      }),
    ),
    deployment: { repository: deploymentRepository, branch: deployment.repository.branch ?? "main" },
  };
}

function inOrder(names: readonly string[], file: string): string[] {
  const { config } = parse(file) as { config?: Record<string, unknown> };
  const order = Object.keys(config?.["ackone-delivery:environments"] ?? {});
  return [...names].sort((one, other) => order.indexOf(one) - order.indexOf(other));
}

function ruleOf({ on = "tag", pattern }: { on?: "tag" | "branch"; pattern?: string }) {
  return { on, pattern: pattern ?? defaultRules[0]!.pattern };
}

function stackConfig(json: string): StackConfig {
  const entries = JSON.parse(json) as Record<string, { value?: string; objectValue?: unknown }>;
  const get = <Key extends keyof StackConfig>(key: Key) => {
    const entry = entries[`ackone-delivery:${key}`];
    if (entry?.objectValue === undefined)
      throw new Error(`The stack's config has no ackone-delivery:${key}.`);
    return entry.objectValue as StackConfig[Key];
  };
  return { services: get("services"), environments: get("environments"), deployment: get("deployment") };
}

/** @throws Error that lists the services there are. */
export function serviceOf(platform: Platform, name: string | undefined): Service {
  return entryOf(platform.services, name, "service");
}

/** @throws Error that lists the environments there are. */
export function environmentOf(platform: Platform, name: string | undefined): Environment {
  return entryOf(platform.environments, name, "environment");
}

function entryOf<T>(entries: Record<string, T>, name: string | undefined, what: string): T {
  const found = name === undefined ? undefined : entries[name];
  if (found !== undefined && Object.hasOwn(entries, name!)) return found;
  const there = Object.keys(entries).join(", ");
  if (name === undefined) throw new Error(`Which ${what}? There are: ${there}`);
  throw new Error(
    `"${name}" is not a${what === "environment" ? "n" : ""} ${what} of this stack; there are: ${there}`,
  );
}

/** Name of the Application, in Argo CD and in the file that Image Updater writes. */
export const applicationOf = (service: string, environment: string) => `${service}-${environment}`;
