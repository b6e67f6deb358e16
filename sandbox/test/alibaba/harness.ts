import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  type Addon,
  type Alibaba,
  type AlibabaOptions,
  type ClusterHost,
  startAlibaba,
} from "../../emulators/alibaba";
import { selfSigned } from "./certificate";
import { type Answer, Client } from "./client";

export const credentials = { accessKeyId: "test-key", accessKeySecret: "test-secret" };
export const region = "cn-hangzhou";
export const vpc = { id: "vpc-bp1test", vSwitches: ["vsw-bp1a", "vsw-bp1b"] };
export const members = [
  { id: `c${"1".repeat(32)}`, name: "one" },
  { id: `c${"2".repeat(32)}`, name: "two" },
];

/** Writes down what it is asked for, and fails where told to. */
export class FakeClusters implements ClusterHost {
  readonly asked: string[] = [];
  /** Calls that begin with one of these fail. */
  failing: string[] = [];

  private held: Promise<unknown> = Promise.resolve();

  /** Lets no call end before the function that this returns is called. */
  hold(): () => void {
    let release = () => {};
    this.held = new Promise<void>((resolve) => {
      release = resolve;
    });
    return release;
  }

  private async note(call: string): Promise<void> {
    this.asked.push(call);
    await this.held;
    if (this.failing.some((each) => call.startsWith(each))) throw new Error(`${call} failed`);
  }
  ensure = (id: string, kind: "fleet" | "member") => this.note(`ensure ${kind} ${id}`);
  remove = (id: string) => this.note(`remove ${id}`);
  gitops = (id: string, enabled: boolean, ha: boolean) =>
    this.note(`gitops ${id} ${enabled ? "on" : "off"}${ha ? " ha" : ""}`);
  attach = (fleet: string, member: { id: string }) => this.note(`attach ${member.id} to ${fleet}`);
  detach = (fleet: string, member: string) => this.note(`detach ${member} from ${fleet}`);
  installAddon = (id: string, addon: Addon) =>
    this.note(`install ${addon.name} ${addon.version} on ${id} with ${addon.config}`);
  uninstallAddon = (id: string, name: string) => this.note(`uninstall ${name} from ${id}`);
  stop = async () => undefined;
  async kubeconfig(id: string, user: string, validForSeconds: number) {
    await this.note(`kubeconfig ${id} ${user} ${validForSeconds}`);
    return { yaml: `apiVersion: v1 # ${id}`, expiration: "2030-01-01T00:00:00Z" };
  }
}

/** One emulator with its files; a restart keeps them. */
export class Harness {
  readonly folder = mkdtempSync(join(tmpdir(), "alibaba-"));
  readonly clusters = new FakeClusters();
  readonly errors: Error[] = [];
  emulator!: Alibaba;
  client!: Client;
  private tls!: { key: string; cert: string };

  static async start(options: Partial<AlibabaOptions> = {}): Promise<Harness> {
    const harness = new Harness();
    harness.tls = await selfSigned();
    await harness.boot(options);
    return harness;
  }

  private async boot(options: Partial<AlibabaOptions>): Promise<void> {
    this.emulator = await startAlibaba({
      stateFile: join(this.folder, "state.json"),
      callLog: join(this.folder, "calls.jsonl"),
      credentials,
      tls: this.tls,
      region,
      clusters: this.clusters,
      git: { exists: (owner, name) => owner === "acme" && name.startsWith("echo-") },
      world: { vpcs: [vpc], members },
      settings: {
        delays: {
          ...{ instance: 20, endpoint: 10, vpcLink: 10, removal: 10, fleet: 10, feature: 10, member: 10 },
          addon: 10,
        },
      },
      onError: (error) => this.errors.push(error),
      ...options,
    });
    this.client = new Client(this.emulator, credentials, this.tls.cert);
  }

  async restart(options: Partial<AlibabaOptions> = {}): Promise<void> {
    await this.emulator.stop();
    await this.boot(options);
  }

  async stop(): Promise<void> {
    await this.emulator.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Buys an instance and waits until it runs. */
  async instance(name = "acme-dev", edition = "Basic"): Promise<string> {
    const { body } = await this.client.bss("CreateInstance", purchase(name, edition));
    const id = String((body["Data"] as { InstanceId: string }).InstanceId);
    await this.until(() => this.client.cr("GetInstance", { InstanceId: id }), {
      InstanceStatus: "RUNNING",
    });
    return id;
  }

  async namespace(instanceId: string, name = "echo-dev"): Promise<void> {
    await this.client.cr("CreateNamespace", { InstanceId: instanceId, NamespaceName: name });
  }

  async repository(instanceId: string, name = "echo-server", namespace = "echo-dev"): Promise<string> {
    const { body } = await this.client.cr("CreateRepository", {
      InstanceId: instanceId,
      RepoNamespaceName: namespace,
      RepoName: name,
      RepoType: "PRIVATE",
      Summary: "Echo server",
    });
    return String(body["RepoId"]);
  }

  /** Creates a Fleet and waits until it runs. */
  async fleet(): Promise<string> {
    const { body } = await this.client.adcp("CreateHubCluster", fleetRequest());
    const id = String(body["ClusterId"]);
    await this.untilFleet(id, { state: "running" });
    return id;
  }

  /** Waits until the fleet's row in the dump has these values. */
  async untilFleet(id: string, expected: Record<string, unknown>): Promise<void> {
    await waitFor(() => {
      const row = this.emulator.dump().fleets.find((each) => each.id === id);
      return { ok: row !== undefined && holds({ ...row }, expected), seen: row };
    });
  }

  /** Repeats a call until its answer has these values. */
  async until(call: () => Promise<Answer>, expected: Record<string, unknown>): Promise<Answer> {
    let answer: Answer | undefined;
    await waitFor(async () => {
      answer = await call();
      return { ok: holds(answer.body, expected), seen: answer.body };
    });
    return answer as Answer;
  }
}

export const purchase = (name: string, edition = "Basic", more: Record<string, unknown> = {}) => ({
  ProductCode: "acr",
  ProductType: "acr_ee_public_cn",
  SubscriptionType: "Subscription",
  Period: 1,
  RenewalStatus: "ManualRenewal",
  Parameter: [
    { Code: "InstanceName", Value: name },
    { Code: "InstanceType", Value: edition },
    { Code: "Region", Value: region },
  ],
  ...more,
});

export const fleetRequest = (more: Record<string, unknown> = {}) => ({
  RegionId: region,
  VpcId: vpc.id,
  VSwitches: JSON.stringify(["vsw-bp1a"]),
  Name: "acme-dev",
  Profile: "Default",
  ...more,
});

const holds = (value: Record<string, unknown>, expected: Record<string, unknown>) =>
  Object.entries(expected).every(([name, each]) => JSON.stringify(value[name]) === JSON.stringify(each));

/** Polls a condition for at most five seconds; the error says what was seen last. */
export async function waitFor(
  check: () => { ok: boolean; seen: unknown } | Promise<{ ok: boolean; seen: unknown }>,
): Promise<void> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const { ok, seen } = await check();
    if (ok) return;
    if (Date.now() > deadline) throw new Error(`gave up waiting; last seen: ${JSON.stringify(seen)}`);
    await pause(5);
  }
}
