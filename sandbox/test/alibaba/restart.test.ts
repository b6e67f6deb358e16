import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Harness, members, purchase, waitFor } from "./harness";

describe("the emulator after a restart", () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.start();
  });
  afterEach(() => harness.stop());
  const one = members[0]?.id ?? "";

  it("holds what it held", async () => {
    const id = await harness.instance();
    await harness.namespace(id);
    await harness.repository(id);
    const fleet = await harness.fleet();
    await harness.client.adcp("GrantUserPermission", {
      UserId: "1",
      ClusterId: fleet,
      RoleType: "cluster",
      RoleName: "admin",
    });
    const before = harness.emulator.dump();
    await harness.restart();
    expect(harness.emulator.dump()).to.deep.equal(before);
    expect((await harness.client.cr("ListInstance")).body).to.include({ TotalCount: 1 });
  });

  it("goes on with what was under way", async () => {
    await harness.restart({ settings: { delays: { instance: 60_000, fleet: 60_000 } } });
    await harness.client.bss("CreateInstance", purchase("acme-dev"));
    const slow = harness.emulator.dump().instances[0];
    expect(slow).to.include({ status: "PENDING" });
    await harness.emulator.stop();
    makeDue(join(harness.folder, "state.json"));
    await harness.restart();
    const get = () => harness.client.cr("GetInstance", { InstanceId: slow?.id });
    await harness.until(get, { InstanceStatus: "RUNNING" });
    expect(harness.errors).to.be.empty;
  });

  it("repeats work that was cut off in the middle", async () => {
    const fleet = await harness.fleet();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    harness.clusters.attach = () => held;
    await harness.client.adcp("AttachClusterToHub", { ClusterId: fleet, ClusterIds: JSON.stringify([one]) });
    await waitFor(() => ({
      ok: harness.clusters.asked.includes(`ensure member ${one}`),
      seen: harness.clusters.asked,
    }));
    const stopped = harness.emulator.stop();
    release();
    await stopped;
    const attached: string[] = [];
    harness.clusters.attach = async (_, member) => {
      attached.push(member.id);
    };
    await harness.restart();
    await waitFor(() => ({
      ok: harness.emulator.dump().members[0]?.state === "Successed",
      seen: harness.emulator.dump().members,
    }));
    expect(attached).to.deep.equal([one]);
  });

  it("starts the API servers of its Fleets again", async () => {
    const fleet = await harness.fleet();
    harness.clusters.asked.length = 0;
    await harness.restart();
    await waitFor(() => ({ ok: harness.clusters.asked.length > 0, seen: harness.clusters.asked }));
    expect(harness.clusters.asked).to.deep.equal([`ensure fleet ${fleet}`]);
  });

  it("listens where it listened, when told so", async () => {
    const { httpPort, httpsPort } = harness.emulator;
    await harness.restart({ ports: { http: httpPort, https: httpsPort } });
    expect(harness.emulator).to.include({ httpPort, httpsPort });
  });

  it("refuses a state file of another version and says what to do", async () => {
    await harness.emulator.stop();
    const file = join(harness.folder, "state.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"version": 1', '"version": 9'));
    const failure = await harness.restart().catch((error: Error) => error);
    expect(failure)
      .to.be.an("error")
      .with.property("message")
      .that.includes("version 9 of the state is not supported");
    writeFileSync(file, text);
    await harness.restart();
  });
});

/** Lets a minute pass for the pending work in a state file. */
function makeDue(file: string): void {
  const state = JSON.parse(readFileSync(file, "utf8")) as { jobs: { due: number }[] };
  for (const job of state.jobs) job.due -= 60_000;
  writeFileSync(file, JSON.stringify(state));
}
