/**
 * The base of every component: it guards the rules that a reader of the graph relies on, so that nobody has to
 * remember them.
 *
 * - A child's logical name starts with its parent's and a dash: `registry` -> `registry-namespace`. Two instances of a
 *   component then never collide, and a name in a preview says where it belongs.
 * - What another system refers to by name has an explicit name. A generated suffix would be different in every stack
 *   and would make the next run after a lost reply create the thing a second time.
 *
 * A violation is a mistake of the component's author and fails at construction, in preview as well.
 */
import * as pulumi from "@pulumi/pulumi";
import { VisibleError } from "./error";

/** Types that Pulumi would name by itself, and the property that holds their name. */
const nameProperties: Record<string, string> = {
  "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance": "instanceName",
  "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace": "name",
  "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo": "name",
  "alicloud:ackone/cluster:Cluster": "clusterName",
  "github:index/repository:Repository": "name",
};

export abstract class Component extends pulumi.ComponentResource {
  /**
   * @param type The type token, `ackone:<folder>:<Class>`.
   * @param name The logical name; the names of all children start with it.
   * @param options The caller's options; nothing of them is dropped. `protect`, `retainOnDelete` and providers reach
   *   the children, because they have this component as parent.
   */
  protected constructor(type: string, name: string, options: pulumi.ComponentResourceOptions | undefined) {
    super(type, name, {}, pulumi.mergeOptions(options, { transformations: [guard(name)] }));
  }
}

/** Checks every descendant; changes none. */
function guard(parent: string): pulumi.ResourceTransformation {
  return ({ type, name, props, opts }) => {
    // The transformation sees the component itself, too.
    if (name === parent) {
      return undefined;
    }
    if (!name.startsWith(`${parent}-`)) {
      throw new VisibleError(
        `${type} "${name}": the name of a child starts with its parent's; call it "${parent}-${name}"`,
      );
    }
    // What is only read (`Class.get`) has its name already.
    if ((opts as pulumi.CustomResourceOptions).id !== undefined) {
      return undefined;
    }
    const property = nameProperties[type];
    if (property !== undefined && props[property] === undefined) {
      throw new VisibleError(`${type} "${name}": ${property} is missing; physical names are explicit`);
    }
    if (isKubernetesObject(type) && !hasMetadataName(props)) {
      throw new VisibleError(`${type} "${name}": metadata.name is missing; physical names are explicit`);
    }
    return undefined;
  };
}

function isKubernetesObject(type: string): boolean {
  return (
    type.startsWith("kubernetes:") &&
    !type.startsWith("kubernetes:yaml") &&
    !type.startsWith("kubernetes:helm")
  );
}

function hasMetadataName(props: pulumi.Inputs): boolean {
  const { metadata } = props as { metadata?: { name?: unknown } };
  // An Output can't be looked into here; components give a plain object.
  return pulumi.Output.isInstance(metadata) || metadata?.name !== undefined;
}
