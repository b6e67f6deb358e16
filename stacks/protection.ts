/**
 * What `ackone-delivery:protect` does.
 *
 * Resources that a person can't have back are protected one by one: no change of the stack file can delete or replace
 * them. Everything else stays free to change, so that a protected stack can still drop an address range or a build rule.
 *
 * That alone doesn't keep a `destroy` from deleting all the rest before it comes to the first of these: the engine looks
 * at the mark of a resource when its turn comes. Therefore {@link Protection}, whose turn is first.
 */
import * as pulumi from "@pulumi/pulumi";

const irreplaceable = new Set([
  "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance",
  "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace",
  "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo",
  "alicloud:ackone/cluster:Cluster",
  // Deleting it turns GitOps off, with all Applications.
  "ackone:fleet:FleetFeatures",
  "github:index/repository:Repository",
]);

/** Options for a component: everything irreplaceable in it is protected when `protect` is true. */
export function protection(protect: boolean): pulumi.ComponentResourceOptions {
  if (!protect) {
    return {};
  }
  return {
    transformations: [
      ({ type, props, opts }) =>
        irreplaceable.has(type) || waitsForPerson(type, props)
          ? { props, opts: { ...opts, protect: true } }
          : undefined,
    ],
  };
}

/**
 * An Application that isn't deployed by itself. Deleting it takes all its pods away, also when it was only called
 * something else, and nobody has deployed the new one yet.
 */
function waitsForPerson(type: string, { spec }: pulumi.Inputs): boolean {
  return type === "kubernetes:argoproj.io/v1alpha1:Application" && !spec.syncPolicy.automated;
}

/**
 * A resource without anything in a cloud that depends on all others, and so is the first that a destroy takes away. When
 * it is protected, the destroy ends there. It is always in the stack, so that turning the protection off is a change of
 * its mark and not its deletion.
 */
export class Protection extends pulumi.ComponentResource {
  /** @param all The components of the stack. */
  constructor(name: string, protect: boolean, all: pulumi.Resource[]) {
    super("ackone:stacks:Protection", name, {}, { protect, dependsOn: all });
    this.registerOutputs({});
  }
}
