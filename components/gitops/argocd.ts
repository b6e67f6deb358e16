/**
 * What all objects for the hosted Argo CD have in common. ACK One runs Argo CD and its Image Updater on the Fleet
 * instance, in one namespace whose name can't be chosen.
 */
import type * as pulumi from "@pulumi/pulumi";

/** The namespace of Argo CD and of everything that it reads: Applications, projects, credentials, settings. */
export const argocdNamespace = "argocd";

/** The API version of Application and AppProject. */
export const argocdApiVersion = "argoproj.io/v1alpha1";

/**
 * On an Application: its objects on the member cluster are deleted before it goes away. On an AppProject: it stays
 * until its last Application is gone, because Argo CD can't clean up after an Application without a project.
 */
export const resourcesFinalizer = "resources-finalizer.argocd.argoproj.io";

/**
 * How long a deletion may take that waits for Argo CD. It deletes the objects on the member cluster first, and those may
 * wait for their pods, load balancers and volumes. The provider's own limit is ten minutes.
 */
export const deletionTimeout = "20m";

/**
 * The metadata of a patch of an object that the hosted Argo CD brings along. The object itself is neither created nor
 * deleted; a deletion of the patch gives up the keys that it owns.
 *
 * @param object Name of the patched object.
 * @param owner Field manager of the patch. Every patch needs its own: server-side apply takes the keys of an earlier
 *   patch away when a later one of the same manager doesn't repeat them. A fixed name lets a repeated create, after a
 *   reply was lost, own the same keys once and not twice.
 */
export function patchedMetadata(object: string, owner: string) {
  return {
    name: object,
    namespace: argocdNamespace,
    annotations: {
      // The keys were written by the hosted installation, so that taking them over is a conflict by rule.
      "pulumi.com/patchForce": "true",
      "pulumi.com/patchFieldManager": `ackone-delivery-${owner}`,
    },
  };
}

/**
 * Options of an object with an explicit name: it can't exist twice, so a replacement deletes the old one first.
 *
 * @param parent The component that it belongs to.
 * @param opts The component's options; what the component depends on, the object itself depends on.
 */
export function explicitlyNamed(
  parent: pulumi.Resource,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return { parent, deleteBeforeReplace: true, dependsOn: opts?.dependsOn };
}
