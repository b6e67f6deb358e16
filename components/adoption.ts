/**
 * Finds orphans before they are doubled.
 *
 * When the engine is killed while a cloud is creating something, the cloud has it and the stack doesn't know: an orphan.
 * The next run would create it again. Names aren't unique for every kind of thing (a second Fleet of the same name is
 * just a second bill), so before a resource is created that isn't in the stack's state yet, it is looked up by its name;
 * when it is there, the run ends with the command that adopts it.
 *
 * This happens in the program, during an update only: a preview calls no cloud, a destroy doesn't run the program, and
 * a resource that is in the state costs no call. Own resources (provider/) and Kubernetes objects need none of this:
 * creating them a second time finds the first.
 */
import { getRepository } from "@pulumi/github/getRepository";
import * as pulumi from "@pulumi/pulumi";
import {
  type Found,
  findAllowedRange,
  findFleet,
  findInstance,
  findNamespace,
  findRepository,
  findVpcLink,
} from "../provider";
import { VisibleError } from "./error";
import { readState, settled } from "./state";

/** Something that a cloud may hold already. */
export interface Orphan {
  /** Pulumi's type token of the resource that would be created. */
  type: string;
  /** What the lookup needs; it waits for these values. */
  args: pulumi.Inputs;
  /** In words, with its name: `ACR namespace "echo" in instance cri-1`. */
  describe(args: Record<string, string>): string;
  /** The ids under which it could be imported; empty when the cloud doesn't have it. */
  find(args: Record<string, string>, parent: pulumi.Resource): Promise<string[]>;
}

/**
 * For the `dependsOn` of a resource: lets it be created unless the cloud has it and the stack doesn't.
 *
 * @param parent The parent of the resource.
 * @param name The logical name of the resource.
 * @param others What else the resource depends on.
 * @throws {VisibleError} in the returned promise, naming the command that adopts the orphan.
 */
export function unlessOrphaned<T extends pulumi.Resource>(
  parent: pulumi.Resource,
  name: string,
  orphan: Orphan,
  others: T[] = [],
): Promise<T[]> {
  const decision = lookUp(parent, name, orphan).then(() => others);
  // The resource waits for other things first; a refusal in the meantime isn't "unhandled".
  decision.catch(() => {});
  return decision;
}

async function lookUp(parent: pulumi.Resource, name: string, orphan: Orphan): Promise<void> {
  if (pulumi.runtime.isDryRun()) {
    // Reading the state puts an entry of the engine's own into it; a preview without it would show that as deleted.
    await readState();
    return;
  }
  const [state, parentUrn, args] = await Promise.all([
    readState(),
    settled(parent.urn),
    settled(pulumi.output(orphan.args)),
  ]);
  // Unknown values in an update mean that what this depends on isn't created in this run, so neither is this.
  if (state === undefined || parentUrn === undefined || args === undefined) {
    return;
  }
  const urn = urnOf(parentUrn, orphan.type, name);
  if (state.some((held) => held.urn === urn)) {
    return;
  }
  const strings = args as Record<string, string>;
  const ids = await orphan.find(strings, parent).catch((error: Error) => {
    throw new VisibleError(
      `Can't find out whether the ${orphan.describe(strings)} exists already: ${error.message}`,
    );
  });
  // A resource that was renamed in the program is known by its id.
  const known = state.filter(({ type }) => type === orphan.type).map(({ outputs }) => outputs["id"]);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    throw new VisibleError(...explain(orphan.describe(strings), orphan.type, name, unknown, parentUrn));
  }
}

/** The sentences for a person. Exported for tests. */
export function explain(
  what: string,
  type: string,
  name: string,
  ids: string[],
  parentUrn: string,
): string[] {
  const parentName = parentUrn.split("::").at(-1);
  const command = `pulumi import '${type}' '${name}' '${ids[0]}' --parent '${parentName}=${parentUrn}' --protect=false --generate-code=false --yes`;
  const several =
    ids.length > 1 ? [`There are ${ids.length} of that name: ${ids.join(", ")}. Compare them first.`] : [];
  return [
    `The ${what} exists already, but not in this stack: an earlier run was probably cut off while creating it. Adopt it with`,
    `  ${command}`,
    "then run pulumi up again. If it belongs to somebody else, choose another name instead.",
    ...several,
  ];
}

export function orphanedInstance(name: pulumi.Input<string>): Orphan {
  return {
    type: "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance",
    args: { name },
    describe: (args) => `ACR instance "${args.name}"`,
    find: (args, parent) => found(findInstance({ name: args.name! }, { parent })),
  };
}

export function orphanedNamespace(instanceId: pulumi.Input<string>, name: pulumi.Input<string>): Orphan {
  return {
    type: "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace",
    args: { instanceId, name },
    describe: (args) => `ACR namespace "${args.name}" in instance ${args.instanceId}`,
    find: (args, parent) =>
      found(findNamespace({ instanceId: args.instanceId!, name: args.name! }, { parent })),
  };
}

export function orphanedAllowedRange(instanceId: pulumi.Input<string>, range: pulumi.Input<string>): Orphan {
  return {
    type: "alicloud:cr/endpointAclPolicy:EndpointAclPolicy",
    args: { instanceId, range },
    describe: (args) => `entry "${args.range}" of the allow-list of instance ${args.instanceId}`,
    find: (args, parent) =>
      found(findAllowedRange({ instanceId: args.instanceId!, range: args.range! }, { parent })),
  };
}

export function orphanedVpcLink(instanceId: pulumi.Input<string>, vpcId: pulumi.Input<string>): Orphan {
  return {
    type: "alicloud:cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc",
    args: { instanceId, vpcId },
    describe: (args) => `link of instance ${args.instanceId} to the VPC "${args.vpcId}"`,
    find: (args, parent) =>
      found(findVpcLink({ instanceId: args.instanceId!, vpcId: args.vpcId! }, { parent })),
  };
}

export function orphanedRepository(
  instanceId: pulumi.Input<string>,
  namespace: pulumi.Input<string>,
  name: pulumi.Input<string>,
): Orphan {
  return {
    type: "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo",
    args: { instanceId, namespace, name },
    describe: (args) => `image repository "${args.namespace}/${args.name}" in instance ${args.instanceId}`,
    find: ({ instanceId, namespace, name }, parent) =>
      found(findRepository({ instanceId: instanceId!, namespace: namespace!, name: name! }, { parent })),
  };
}

export function orphanedFleet(name: pulumi.Input<string>): Orphan {
  return {
    type: "alicloud:ackone/cluster:Cluster",
    args: { name },
    describe: (args) => `ACK One Fleet "${args.name}"`,
    find: (args, parent) => found(findFleet({ name: args.name! }, { parent })),
  };
}

export function orphanedGitRepository(owner: pulumi.Input<string>, name: pulumi.Input<string>): Orphan {
  return {
    type: "github:index/repository:Repository",
    args: { owner, name },
    describe: (args) => `GitHub repository "${args.owner}/${args.name}"`,
    find: async (args, parent) => {
      // A repository that isn't there gives an empty answer, not an error.
      const { repoId } = await getRepository({ fullName: `${args.owner}/${args.name}` }, { parent });
      return repoId ? [args.name!] : [];
    },
  };
}

async function found(lookup: Promise<Found>): Promise<string[]> {
  return (await lookup).ids;
}

function urnOf(parentUrn: string, type: string, name: string): string {
  const [stack, project, parentType] = parentUrn.replace("urn:pulumi:", "").split("::");
  return `urn:pulumi:${stack}::${project}::${parentType}$${type}::${name}`;
}
