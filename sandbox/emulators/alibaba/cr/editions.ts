import type { Edition, Instance } from "../account/model";

/**
 * What an instance may hold. The numbers show that editions differ and that quotas end; they are not verified against
 * the product's current limits page, and for Economy they are assumed to be those of Basic.
 */
const limits: Record<Edition, { namespaces: number; repositories: number; vpcs: number }> = {
  Economy: { namespaces: 15, repositories: 1000, vpcs: 3 },
  Basic: { namespaces: 15, repositories: 1000, vpcs: 3 },
  Standard: { namespaces: 25, repositories: 3000, vpcs: 5 },
  Advanced: { namespaces: 50, repositories: 5000, vpcs: 10 },
};

export const editions = Object.keys(limits) as Edition[];

/** The edition's limits plus what was bought on top. */
export function quotaOf({ edition, extraQuota }: Instance) {
  const base = limits[edition];
  return {
    namespaces: base.namespaces + extraQuota.namespaces,
    repositories: base.repositories + extraQuota.repositories,
    vpcs: base.vpcs + extraQuota.vpcs,
  };
}
