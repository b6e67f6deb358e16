import type { EngineOptions } from "../../../engine/engine";
import type { Sandbox } from "../../../sandbox";
import { waitFor } from "../../../supervisor";
import { Client } from "../../alibaba/client";
import { purchase } from "../../alibaba/harness";

/** A person with the account's access key, who calls what they like. */
export const somebody = ({ alibaba, credentials, clusters }: Sandbox) =>
  new Client(alibaba, credentials, clusters.ca);

/** Buys an instance beside the stack: the alicloud provider would wait a fixed minute for it. @returns its id */
export async function buyInstance(sandbox: Sandbox, name = "acme-dev"): Promise<string> {
  const { body } = await somebody(sandbox).bss("CreateInstance", purchase(name));
  const id = String((body["Data"] as { InstanceId: string }).InstanceId);
  const status = () => sandbox.alibaba.dump().instances.find((each) => each.id === id)?.status;
  await waitFor(`instance ${name}`, async () => (status() === "RUNNING" ? undefined : status()), {
    within: 10_000,
  });
  return id;
}

/** Lets a stack use an instance that exists, and changes what else a test wants changed. */
export const onInstance =
  (
    id: string,
    more: (config: Record<string, unknown>) => void = () => {},
  ): NonNullable<EngineOptions["edit"]> =>
  (config) => {
    const registry = config["ackone-delivery:registry"] as Record<string, unknown>;
    config["ackone-delivery:registry"] = { ...registry, instance: { id } };
    more(config);
  };

/** The installations of add-ons that the cloud has taken on; the alicloud provider asks for one add-on a call. */
export const installations = ({ alibaba }: Sandbox): number =>
  alibaba.calls().filter(({ action, code }) => action === "InstallClusterAddons" && code === "success")
    .length;

/** Waits until each of them has ended. Until then the cluster doesn't list its add-on. */
export async function installationsEnded(sandbox: Sandbox): Promise<void> {
  const missing = () => installations(sandbox) - sandbox.alibaba.dump().addons.length;
  await waitFor("the add-ons", async () => (missing() === 0 ? undefined : `${missing()} are missing`), {
    within: 120_000,
  });
}
