import { expect } from "chai";
import { Harness, members, waitFor } from "./harness";

const id = members[0]?.id ?? "";
const components = `/clusters/${id}/components`;
const helper = "managed-aliyun-acr-credential-helper";

describe("add-ons of a cluster", () => {
  let harness: Harness;
  let instanceId: string;

  beforeEach(async () => {
    harness = await Harness.start();
    instanceId = await harness.instance();
  });
  afterEach(() => harness.stop());

  const get = (path: string, query: Record<string, string> = {}) => harness.client.cs("Any", path, query);
  const install = (...addons: object[]) =>
    harness.client.csPost("InstallClusterAddons", `${components}/install`, addons);
  const state = async (taskId: unknown) => (await get(`/tasks/${taskId}`)).body["state"];
  const ended = async ({ body }: { body: Record<string, unknown> }) => {
    let seen: unknown;
    await waitFor(async () => {
      seen = await state(body["task_id"]);
      return { ok: seen !== "running", seen };
    });
    return seen;
  };
  const addon = (name: string) => get(`/clusters/${id}/addon_instances/${name}`);
  const config = (changes: Record<string, unknown> = {}) =>
    JSON.stringify({
      AcrInstanceInfo: [{ instanceId, regionId: "cn-hangzhou" }],
      watchNamespace: "echo-dev",
      ...changes,
    });

  it("are installed by a task, in the newest version unless another is asked for", async () => {
    expect(await addon("ack-kruise")).to.nested.include({ status: 404, "body.code": "AddonNotFound" });
    const task = await install({ name: "ack-kruise", version: "" });
    expect(task.body).to.include({ cluster_id: id });
    expect(await ended(task)).to.equal("success");
    expect((await addon("ack-kruise")).body).to.include({
      ...{ name: "ack-kruise", version: "1.8.4", state: "active", config: "{}" },
    });
    expect(harness.clusters.asked).to.include(`install ack-kruise 1.8.4 on ${id} with {}`);
    expect(harness.emulator.dump().addons).to.deep.equal([
      { cluster: id, name: "ack-kruise", version: "1.8.4", state: "active" },
    ]);
  });

  it("are refused when they, their version or the cluster don't exist", async () => {
    for (const [wanted, code] of [
      [{ name: "ack-cruise" }, "AddonNotFound"],
      [{ name: "ack-kruise", version: "9.9.9" }, "AddonNotFound"],
      [{ name: "ack-kruise", versoin: "1.8.4" }, "InvalidParameter"],
    ] as const) {
      expect((await install(wanted)).body["code"], JSON.stringify(wanted)).to.equal(code);
    }
    const elsewhere = await harness.client.csPost("InstallClusterAddons", "/clusters/c0/components/install", [
      { name: "ack-kruise" },
    ]);
    expect(elsewhere).to.nested.include({ status: 404, "body.code": "ErrorClusterNotFound" });
    expect(harness.clusters.asked).to.deep.equal([]);
  });

  it("are refused with a configuration that they can't use", async () => {
    for (const [given, why] of [
      ["no json", "it is not JSON"],
      ["[]", "it is not a JSON object"],
      [config({ watchNamespaces: "a" }), "watchNamespaces is not a parameter of it"],
      [config({ watchNamespace: ["a"] }), "watchNamespace is not of type string"],
      [
        config({ AcrInstanceInfo: [{ instanceId: "cri-0", regionId: "cn-hangzhou" }] }),
        "AcrInstanceInfo[0].instanceId: there is no instance cri-0 in the account",
      ],
      [
        config({ AcrInstanceInfo: [{ instanceId, regionId: "cn-beijing" }] }),
        `AcrInstanceInfo[0].regionId: ${instanceId} is not in cn-beijing`,
      ],
    ] as const) {
      const { status, body } = await install({ name: helper, config: given });
      expect([status, body["message"]]).to.deep.equal([400, `config of addon ${helper} is invalid: ${why}`]);
    }
    expect(await ended(await install({ name: helper, config: config() }))).to.equal("success");
  });

  it("can't be installed twice", async () => {
    await ended(await install({ name: "ack-kruise" }));
    expect((await install({ name: "ack-kruise" })).body["code"]).to.equal("AddonAlreadyInstalled");
  });

  it("can't be installed while somebody else's installation of them is under way", async () => {
    const release = harness.clusters.hold();
    const first = await install({ name: "ack-kruise" });
    const second = await install({ name: "ack-kruise" });
    expect(second).to.nested.include({ status: 409, "body.code": "AddonOperationConflict" });
    expect(second.body["message"]).to.equal("addon ack-kruise is being installed");
    release();
    expect(await ended(first)).to.equal("success");
    expect((await install({ name: "ack-kruise" })).body["code"]).to.equal("AddonAlreadyInstalled");
  });

  it("are upgraded, but not to something older", async () => {
    await ended(await install({ name: "ack-kruise", version: "1.8.0" }));
    const upgrade = (next_version: string) =>
      harness.client.csPost("UpgradeClusterAddons", `${components}/upgrade`, [
        { component_name: "ack-kruise", next_version, policy: "overwrite" },
      ]);
    expect((await upgrade("1.7.3")).body["code"]).to.equal("InvalidParameter");
    expect(await ended(await upgrade("1.8.3"))).to.equal("success");
    expect((await addon("ack-kruise")).body["version"]).to.equal("1.8.3");
    const offered = (await get("/addons/ack-kruise", { cluster_id: id, version: "1.8.3" })).body;
    expect(offered["newer_versions"]).to.deep.equal([
      { version: "1.8.4", upgradable: true, minimum_cluster_version: "1.19.0" },
    ]);
  });

  it("get another configuration", async () => {
    await ended(await install({ name: helper, config: config() }));
    const next = config({ watchNamespace: "echo-dev,echo-staging" });
    await harness.client.csPost("ModifyClusterAddon", `${components}/${helper}/config`, { config: next });
    const status = async () => {
      const { body } = await get(`${components}/upgradestatus`, { componentIds: JSON.stringify([helper]) });
      return (body[helper] as { tasks: { status: string } }).tasks.status;
    };
    await waitFor(async () => {
      const seen = await status();
      return { ok: seen === "Success", seen };
    });
    expect((await addon(helper)).body).to.include({ config: next, state: "active" });
  });

  it("are uninstalled", async () => {
    await ended(await install({ name: "ack-kruise" }));
    const uninstall = () =>
      harness.client.csPost("UnInstallClusterAddons", `${components}/uninstall`, [{ name: "ack-kruise" }]);
    expect(await ended(await uninstall())).to.equal("success");
    expect((await addon("ack-kruise")).status).to.equal(404);
    expect((await uninstall()).body["code"]).to.equal("AddonNotFound");
    expect(harness.clusters.asked).to.include(`uninstall ack-kruise from ${id}`);
  });

  it("fail with what went wrong on the cluster, and can be tried again", async () => {
    harness.clusters.failing = ["install"];
    const failed = await install({ name: "ack-kruise" });
    expect(await ended(failed)).to.equal("failed");
    const { body } = await get(`/tasks/${failed.body["task_id"]}`);
    expect((body["error"] as { message: string }).message).to.contain("install ack-kruise");
    expect((await addon("ack-kruise")).status).to.equal(404);
    harness.clusters.failing = [];
    expect(await ended(await install({ name: "ack-kruise" }))).to.equal("success");
  });

  it("go on with a task that a restart interrupted", async () => {
    await harness.restart({ settings: { delays: { addon: 1500 } } });
    const task = await install({ name: "ack-kruise" });
    await harness.restart();
    expect(await ended(task)).to.equal("success");
  });

  it("are listed: those of the cluster, and those that there are", async () => {
    await ended(await install({ name: "ack-kruise" }));
    expect((await get(`/clusters/${id}/addon_instances`)).body["addons"]).to.have.length(1);
    const { body } = await get("/addons", { cluster_id: id });
    expect((body["addons"] as { name: string }[]).map(({ name }) => name)).to.deep.equal([
      "ack-kruise",
      helper,
    ]);
  });
});
