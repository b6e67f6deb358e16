/**
 * How Kubernetes objects are written, on the Fleet and on its members.
 *
 * The hosted Argo CD owns fields of the same objects, which only server-side apply allows. An object that exists is taken
 * over (`upsertExistingObjects`): it is what a run that was killed has made, and the next run has to go on from there. The
 * stack's fields win against those of others (`enablePatchForce`): against the killed run's, and against what somebody
 * changed by hand, which an `up` would otherwise refuse to repair.
 *
 * A Secret is changed in place (`enableSecretMutable`). Otherwise the provider deletes it and makes a new one, and who
 * reads it in between, or after a run that ended there, has no credentials at all.
 *
 * Taking over needs care with names: an object whose logical name changes while its name in the cluster stays is created
 * (that is, taken over) and then deleted. The logical names here follow from the names in the cluster.
 */
export const serverSideApply = {
  enableServerSideApply: true,
  upsertExistingObjects: true,
  enablePatchForce: true,
  enableSecretMutable: true,
} as const;
