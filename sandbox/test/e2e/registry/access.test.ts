import { createHash } from "node:crypto";
import { expect } from "chai";
import { waitFor } from "../../../supervisor";
import { login, ReleaseWorld, sampleDockerfile } from "./release-world";

const sources = { Dockerfile: sampleDockerfile, "go.mod": "module echo\n", "main.go": "package main\n" };

describe("the registry", () => {
  let world: ReleaseWorld;
  before(async () => {
    world = await new ReleaseWorld().start();
    await world.service("echo-server", sources);
    await world.push(await world.clone("echo-server"), "HEAD:refs/tags/release-v1.0.0");
    await world.ended("echo-server", 1);
  });
  after(() => world.stop());
  const console = () => world.harness.emulator.console;
  const pull = (who?: { user: string; password: string }) =>
    world.pull("echo-server", "manifests/v1.0.0", { who });

  it("tells where to get a token, as Container Registry does", async () => {
    const { status, headers } = await world.ask(`https://${world.host()}/v2/echo-dev/echo-server/tags/list`);
    expect(status).to.equal(401);
    expect(headers["www-authenticate"]).to.equal(
      'Bearer realm="https://dockerauth-vpc.cn-hangzhou.aliyuncs.com/auth",' +
        `service="registry.aliyuncs.com:cn-hangzhou:china:${world.instanceId}",` +
        'scope="repository:echo-dev/echo-server:pull"',
    );
  });

  it("lets the password of the instance in, and temporary logins", async () => {
    expect((await pull(login)).status).to.equal(200);
    const { client } = world.harness;
    const { body } = await client.cr("GetAuthorizationToken", { InstanceId: world.instanceId });
    const temporary = { user: String(body["TempUsername"]), password: String(body["AuthorizationToken"]) };
    expect((await pull(temporary)).status).to.equal(200);
    expect((await pull(world.harness.emulator.registryLogin(world.instanceId))).status).to.equal(200);
  });

  it("refuses a wrong password, a wrong user and an unknown instance", async () => {
    expect((await world.token("echo-server", "pull", { ...login, password: "wrong" })).status).to.equal(401);
    expect((await world.token("echo-server", "pull", { ...login, user: "somebody" })).status).to.equal(401);
    const service = "registry.aliyuncs.com:cn-hangzhou:china:cri-unknown";
    const auth = `https://dockerauth.cn-hangzhou.aliyuncs.com/auth?service=${service}`;
    const basic = Buffer.from(`${login.user}:${login.password}`).toString("base64");
    expect((await world.ask(auth, { headers: { authorization: `Basic ${basic}` } })).status).to.equal(401);
  });

  it("asks anonymous callers for a login until public repositories may be pulled without", async () => {
    expect((await pull()).status).to.equal(401);
    const { InstanceId, RepoId } = { InstanceId: world.instanceId, RepoId: repositoryId() };
    const shape = { InstanceId, RepoId, Summary: "Echo server" };
    await world.harness.client.cr("UpdateRepository", { ...shape, RepoType: "PUBLIC" });
    expect((await pull()).status).to.equal(401);
    console().setAnonymousPull("acme-dev", true);
    expect((await pull()).status).to.equal(200);
    await world.harness.client.cr("UpdateRepository", { ...shape, RepoType: "PRIVATE" });
    expect((await pull()).status).to.equal(401);
    console().setAnonymousPull("acme-dev", false);
  });

  it("never takes a push without a login", async () => {
    console().setAnonymousPull("acme-dev", true);
    const { token } = await world.token("echo-server", "pull,push");
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await world.ask(`https://${world.host()}/v2/echo-dev/echo-server/blobs/uploads/`, {
      method: "POST",
      headers,
    });
    console().setAnonymousPull("acme-dev", false);
    expect(status).to.equal(401);
  });

  it("refuses the old password once it is changed; tokens that were given out go on", async () => {
    const { token } = await world.token("echo-server", "pull", login);
    const changed = { InstanceId: world.instanceId, Password: "Rotated-by-api-2" };
    await world.harness.client.cr("ResetLoginPassword", changed);
    expect((await pull(login)).status).to.equal(401);
    expect((await pull({ ...login, password: changed.Password })).status).to.equal(200);
    const address = `https://${world.host()}/v2/echo-dev/echo-server/tags/list`;
    const { status, body } = await world.ask(address, { headers: { authorization: `Bearer ${token}` } });
    expect(status).to.equal(200);
    expect(JSON.parse(body.toString("utf8"))).to.deep.equal({
      name: "echo-dev/echo-server",
      tags: ["v1.0.0"],
    });
    console().setRegistryPassword("acme-dev", login.password);
    expect((await pull(login)).status).to.equal(200);
  });

  it("knows only repositories of the account, for pulls and pushes alike", async () => {
    for (const method of ["GET", "POST"]) {
      const { token } = await world.token("nothing", "pull,push", login);
      const rest = method === "GET" ? "tags/list" : "blobs/uploads/";
      const headers = { authorization: `Bearer ${token}` };
      const address = `https://${world.host()}/v2/echo-dev/nothing/${rest}`;
      expect((await world.ask(address, { method, headers })).status).to.equal(401);
    }
  });

  it("makes a repository with the first push where the namespace says so", async () => {
    const { client } = world.harness;
    const namespace = { InstanceId: world.instanceId, NamespaceName: "open", AutoCreateRepo: true };
    await client.cr("CreateNamespace", namespace);
    const scope = "repository:open/made:pull,push";
    const service = `registry.aliyuncs.com:cn-hangzhou:china:${world.instanceId}`;
    const basic = Buffer.from(`${login.user}:${login.password}`).toString("base64");
    const auth = `https://dockerauth.cn-hangzhou.aliyuncs.com/auth?${new URLSearchParams({ service, scope })}`;
    const answer = await world.ask(auth, { headers: { authorization: `Basic ${basic}` } });
    const { token } = JSON.parse(answer.body.toString("utf8")) as { token: string };
    const uploads = `https://${world.host()}/v2/open/made/blobs/uploads/`;
    const begun = await world.ask(uploads, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    expect(begun.status).to.equal(202);
    expect(begun.headers.location).to.match(/^\/v2\/open\/made\/blobs\/uploads\//);
    expect(world.harness.emulator.dump().repositories.map(({ name }) => name)).to.include("made");
  });

  it("keeps instances apart", async () => {
    const other = await world.instance("acme-prod");
    await world.harness.repository(other, "echo-server");
    const { token } = await world.token("echo-server", "pull", login);
    const elsewhere = `https://${world.host("acme-prod")}/v2/echo-dev/echo-server`;
    const headers = { authorization: `Bearer ${token}` };
    expect((await world.ask(`${elsewhere}/tags/list`, { headers })).status).to.equal(401);
    const host = world.host("acme-prod");
    const own = await world.pull("echo-server", "tags/list", { who: login, host });
    expect(JSON.parse(own.body.toString("utf8"))).to.deep.equal({ name: "echo-dev/echo-server", tags: [] });
    const { digest } = world.harness.emulator.dump().images[0] as { digest: string };
    expect((await world.pull("echo-server", `manifests/${digest}`, { who: login, host })).status).to.equal(
      404,
    );
  });

  it("has nobody who answers under the internet host before the endpoint is on and lets callers in", async () => {
    const host = "acme-dev-registry.cn-hangzhou.cr.aliyuncs.com";
    const refused = () =>
      world.ask(`https://${host}/v2/`).then(
        () => "answered",
        () => "refused",
      );
    expect(await refused()).to.equal("refused");
    const target = { InstanceId: world.instanceId, EndpointType: "internet" };
    const { client } = world.harness;
    await client.cr("UpdateInstanceEndpointStatus", { ...target, Enable: true });
    await world.harness.until(() => client.cr("GetInstanceEndpoint", target), { Status: "RUNNING" });
    expect(await refused()).to.equal("refused");
    await client.cr("CreateInstanceEndpointAclPolicy", { ...target, Entry: "198.51.100.0/24" });
    expect(await refused()).to.equal("answered");
    expect((await world.pull("echo-server", "manifests/v1.0.0", { who: login, host })).status).to.equal(200);
    await client.cr("UpdateInstanceEndpointStatus", { ...target, Enable: false });
    await waitFor("the closed host", async () => ((await refused()) === "refused" ? undefined : "open"), {
      within: 3000,
    });
  });

  it("serves contents that are what their digest says", async () => {
    const { body, headers } = await pull(login);
    const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
    expect(headers["docker-content-digest"]).to.equal(digest);
    const { layers } = JSON.parse(body.toString("utf8")) as { layers: { digest: string; size: number }[] };
    for (const layer of layers) {
      const blob = await world.pull("echo-server", `blobs/${layer.digest}`, { who: login });
      expect(`sha256:${createHash("sha256").update(blob.body).digest("hex")}`).to.equal(layer.digest);
    }
  });

  it("forgets a tag that is deleted, and a repository with all of its images", async () => {
    const RepoId = await world.service("echo-gone", sources);
    const folder = await world.clone("echo-gone");
    await world.push(folder, "HEAD:refs/tags/release-v1.0.0", "HEAD:refs/tags/release-v1.0.1");
    await world.ended("echo-gone", 2);
    await world.cr("DeleteRepoTag", "echo-gone", { Tag: "v1.0.1" });
    const tags = await world.pull("echo-gone", "tags/list", { who: login });
    expect(JSON.parse(tags.body.toString("utf8"))).to.deep.include({ tags: ["v1.0.0"] });
    expect((await world.pull("echo-gone", "manifests/v1.0.1", { who: login })).status).to.equal(404);
    await world.harness.client.cr("DeleteRepository", { InstanceId: world.instanceId, RepoId });
    expect((await world.pull("echo-gone", "manifests/v1.0.0", { who: login })).status).to.equal(401);
    await world.harness.until(
      () => world.cr("GetRepository", "echo-gone").then((body) => ({ status: 200, body })),
      {
        Code: "REPO_NOT_EXIST",
      },
    );
    expect(world.builds("echo-gone")).to.be.empty;
  });

  function repositoryId(): string {
    return world.harness.emulator.dump().repositories.find(({ name }) => name === "echo-server")?.id ?? "";
  }
});
