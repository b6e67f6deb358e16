/** What is particular about the registry's resources. */
import { expect } from "chai";
import { Secret, type Values } from "../../provider/plugin/values";
import { cases } from "./cases";
import { Refusal } from "./cloud";
import { useProvider } from "./fixture";
import { failureOf, settingsFor, unfinishedOf } from "./plugin";

function inputsOf(type: string): Values {
  return cases.find((one) => one.type === type)?.inputs ?? {};
}

describe("provider SourceBinding", () => {
  const type = "ackone:registry:SourceBinding";
  const fixture = useProvider();

  it("says where the source account is bound, and goes on from there", async () => {
    const { cloud, plugin } = fixture;
    const inputs = await plugin.complete(type, inputsOf(type));
    cloud.accountBound = false;
    expect(await failureOf(plugin.create(type, inputs))).to.equal(
      "cr CreateRepoSourceCodeRepo failed: SOURCE_ACCOUNT_NOT_BOUND (HTTP 200, request id REQ-1). ".replace(
        "HTTP 200, ",
        "",
      ) +
        "The source code account is not bound to this registry instance, which only the console can do: " +
        "instance -> Repository -> Code Source -> Bind Account. Then run `pulumi up` again; it goes on from here.",
    );
    cloud.accountBound = true;
    await plugin.create(type, inputs);
    expect(cloud.binding?.["CodeRepoName"]).to.equal("echo-server");
  });

  for (const [code, message] of [
    ["REPO_SOURCE_AUTH_FAILED", ""],
    ["INVALID_PARAMETER", "The source code account is not bound."],
  ] as const) {
    it(`recognises ${code} "${message}" as an account that isn't bound`, async () => {
      const { cloud, plugin } = fixture;
      cloud.fail("CreateRepoSourceCodeRepo", new Refusal(200, code, message));
      const inputs = await plugin.complete(type, inputsOf(type));
      expect(await failureOf(plugin.create(type, inputs))).to.contain(
        "Repository -> Code Source -> Bind Account",
      );
    });
  }

  it("doesn't take a refused resource for an account that isn't bound", async () => {
    const { cloud, plugin } = fixture;
    cloud.fail("CreateRepoSourceCodeRepo", new Refusal(403, "Forbidden.ResourceNotAuthorized"));
    const inputs = await plugin.complete(type, inputsOf(type));
    expect(await failureOf(plugin.create(type, inputs))).to.contain(
      "Allow the RAM action cr:CreateSourceRepository",
    );
  });

  it("changes the binding that a deleted resource left behind", async () => {
    const { cloud, plugin } = fixture;
    const inputs = await plugin.complete(type, inputsOf(type));
    const { id, properties } = await plugin.create(type, inputs);
    await plugin.delete(type, id, properties);
    expect(cloud.binding?.["AutoBuild"]).to.equal("false");
    await plugin.create(type, { ...inputs, codeRepoName: "other" });
    expect(cloud.binding).to.include({ AutoBuild: "true", CodeRepoName: "other" });
  });

  it("is deleted although the account is no longer bound", async () => {
    const { cloud, plugin } = fixture;
    const { id, properties } = await plugin.create(type, await plugin.complete(type, inputsOf(type)));
    cloud.fail("UpdateRepoSourceCodeRepo", new Refusal(200, "SOURCE_ACCOUNT_NOT_BOUND"));
    await plugin.delete(type, id, properties);
  });

  it("is gone for a refresh when the repository has no binding", async () => {
    const { cloud, plugin } = fixture;
    const inputs = await plugin.complete(type, inputsOf(type));
    const { id, properties } = await plugin.create(type, inputs);
    cloud.binding = undefined;
    expect((await plugin.read(type, id, properties, inputs)).id).to.equal("");
  });
});

describe("provider BuildRule", () => {
  const type = "ackone:registry:BuildRule";
  const fixture = useProvider();

  it("finds a rule on any page of the list", async () => {
    const { cloud, plugin } = fixture;
    const inputs = await plugin.complete(type, inputsOf(type));
    for (let index = 0; index < 120; index++) await plugin.create(type, { ...inputs, imageTag: `t${index}` });
    cloud.calls.length = 0;
    expect((await plugin.read(type, "cri-test:crr-test:crbr-120")).inputs["imageTag"]).to.equal("t119");
    expect(cloud.calls.map(({ query }) => query["PageNo"])).to.deep.equal(["1", "2", "3"]);
    expect((await plugin.create(type, { ...inputs, imageTag: "t110" })).id).to.equal(
      "cri-test:crr-test:crbr-111",
    );
  }).timeout(20_000);

  it("is still there when only its name in the program has changed", async () => {
    const { cloud, plugin } = fixture;
    const inputs = await plugin.complete(type, inputsOf(type));
    const before = await plugin.create(type, inputs);
    const after = await plugin.create(type, inputs);
    expect(after.id).to.equal(before.id);
    await plugin.delete(type, before.id, before.properties);
    expect(cloud.rules).to.have.length(1);
    await plugin.configure(settingsFor(cloud)); // another run
    await plugin.delete(type, after.id, after.properties);
    expect(cloud.rules).to.deep.equal([]);
  });

  it("sends build arguments sorted, and keeps secret ones secret", async () => {
    const { cloud, plugin } = fixture;
    const buildArgs = new Secret({ ZONE: "a=b", MODE: "release" });
    const inputs = await plugin.complete(type, { ...inputsOf(type), buildArgs });
    const { id, properties } = await plugin.create(type, inputs);
    expect(cloud.rules[0]?.BuildArgs).to.deep.equal(["MODE=release", "ZONE=a=b"]);
    expect(properties["buildArgs"]).to.deep.equal(buildArgs);
    const read = await plugin.read(type, id, properties, inputs);
    expect(read).to.deep.equal({ id, properties, inputs });
  });

  it("shows no secret build argument in an error, wherever it comes from", async () => {
    const { cloud, plugin } = fixture;
    const buildArgs = new Secret({ TOKEN: "hunter2&more" });
    const inputs = await plugin.complete(type, { ...inputsOf(type), buildArgs });
    for (const fault of [
      "reset",
      new Refusal(400, "InvalidParameter", "BuildArgs.1 TOKEN=hunter2&more"),
    ] as const) {
      cloud.fail("CreateRepoBuildRule", fault, fault, fault, fault);
      const message = await failureOf(plugin.create(type, inputs));
      expect(message).to.match(/^cr CreateRepoBuildRule failed: (ECONNRESET|InvalidParameter)/);
      expect(message).not.to.match(/hunter2|http:/);
    }
  });

  it("is replaced when its last build argument goes, which an update can't say", async () => {
    const { plugin } = fixture;
    const inputs = await plugin.complete(type, { ...inputsOf(type), buildArgs: { MODE: "release" } });
    const { id, properties } = await plugin.create(type, inputs);
    const without = await plugin.complete(type, inputsOf(type));
    const diff = await plugin.diff(type, id, properties, without);
    expect(diff).to.deep.include({ replaces: ["buildArgs"], deleteBeforeReplace: true });
    const other = await plugin.complete(type, { ...inputsOf(type), buildArgs: { MODE: "debug" } });
    expect((await plugin.diff(type, id, properties, other)).replaces).to.deep.equal([]);
  });

  it("doesn't care for the order of platforms", async () => {
    const { cloud, plugin } = fixture;
    const platforms = ["linux/arm64", "linux/amd64"];
    const inputs = await plugin.complete(type, { ...inputsOf(type), platforms });
    const { id, properties } = await plugin.create(type, inputs);
    cloud.rules[0]?.Platforms.reverse();
    expect(await plugin.read(type, id, properties, inputs)).to.deep.equal({ id, properties, inputs });
  });

  it("is not taken for another rule of the repository", async () => {
    const { cloud, plugin } = fixture;
    const inputs = await plugin.complete(type, inputsOf(type));
    await plugin.create(type, { ...inputs, dockerfileLocation: "/a" });
    await plugin.create(type, { ...inputs, dockerfileLocation: "/b" });
    expect(cloud.rules.length).to.equal(2);
  });

  it("gives up on throttling within its limits, and says so", async () => {
    const { cloud, plugin } = fixture;
    cloud.fail(
      "ListRepoBuildRule",
      ...Array.from({ length: 9 }, () => new Refusal(400, "Throttling", "slow down")),
    );
    const inputs = await plugin.complete(type, inputsOf(type));
    expect(await failureOf(plugin.create(type, inputs))).to.equal(
      "cr ListRepoBuildRule failed: Throttling: slow down (HTTP 400, request id REQ-1). Alibaba Cloud limits the rate of " +
        "this call. Run the command again later, or with a smaller --parallel. Tried 4 times.",
    );
    expect(cloud.count("ListRepoBuildRule")).to.equal(4);
  });
});

describe("provider InstanceEndpoint", () => {
  const type = "ackone:registry:InstanceEndpoint";
  const fixture = useProvider();

  it("waits until the endpoint runs, and until it is off", async () => {
    const { cloud, plugin } = fixture;
    const inputs = await plugin.complete(type, inputsOf(type));
    cloud.endpoint = { enable: false, status: "STOPPED", lag: 4 };
    const { id, properties } = await plugin.create(type, inputs);
    expect(properties).to.include({ status: "RUNNING", enabled: true });
    expect(properties["domains"]).to.deep.equal(["acme-registry.cn-test.cr.aliyuncs.com"]);
    Object.assign(cloud.endpoint, { lag: 4 });
    await plugin.delete(type, id, properties);
    expect(cloud.endpoint.status).to.equal("STOPPED");
  });

  it("leaves an endpoint alone that is on already", async () => {
    const { cloud, plugin } = fixture;
    cloud.endpoint = { enable: true, status: "RUNNING", lag: 0 };
    await plugin.create(type, await plugin.complete(type, inputsOf(type)));
    expect(cloud.count("UpdateInstanceEndpointStatus")).to.equal(0);
  });

  it("is remembered when it doesn't run in time, and says what was last seen", async () => {
    const { cloud, plugin } = fixture;
    cloud.endpoint = { enable: false, status: "STOPPED", lag: 1e9 };
    const inputs = await plugin.complete(type, inputsOf(type));
    const unfinished = await unfinishedOf(plugin.create(type, inputs, { timeout: 0.05 }));
    expect(unfinished.id).to.equal("cri-test:internet:Registry");
    expect(unfinished.properties).to.include({ enabled: true, status: "STARTING" });
    expect(unfinished.reasons).to.deep.equal([
      "Waited 0.05 seconds for the internet endpoint of cri-test to run; last seen: on, status STARTING. " +
        "Run `pulumi up` again to go on waiting, or allow more time with the option customTimeouts.",
    ]);
  });

  it("ends a wait when the engine cancels", async () => {
    const { cloud, plugin } = fixture;
    cloud.endpoint = { enable: false, status: "STOPPED", lag: 1e9 };
    const inputs = await plugin.complete(type, inputsOf(type));
    const waiting = failureOf(plugin.create(type, inputs));
    await plugin.cancel();
    expect(await waiting).to.equal("Cancelled. The next `pulumi up` goes on from here.");
  });
});
