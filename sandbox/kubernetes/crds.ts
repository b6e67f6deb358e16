import { waitFor } from "../supervisor";
import type { KubeObject } from "./api/client";
import { keyOf, type Objects } from "./api/objects";

interface CustomResourceSpec {
  group: string;
  names: { kind: string };
  versions: { name: string }[];
}

/** Resolves when objects of this definition can be created. */
export async function untilServed(objects: Objects, crd: KubeObject): Promise<void> {
  const probe = async () => {
    const live = await objects.get(keyOf(crd));
    const conditions =
      (live?.["status"] as { conditions?: { type: string; status: string }[] })?.conditions ?? [];
    if (!conditions.some(({ type, status }) => type === "Established" && status === "True")) {
      return JSON.stringify(conditions);
    }
    // Discovery follows a moment later.
    const { group, names, versions } = crd["spec"] as CustomResourceSpec;
    const served = await objects.type(`${group}/${versions[0]?.name}`, names.kind);
    return served ? undefined : "established, but not yet in discovery";
  };
  await waitFor(`the CRD ${crd.metadata.name} to be established`, probe, { within: 30_000 });
}
