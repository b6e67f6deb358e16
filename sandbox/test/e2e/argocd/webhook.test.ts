import { randomBytes } from "node:crypto";
import { expect } from "chai";
import type { Application } from "../../../argocd/client";
import { waitFor } from "../../../supervisor";
import { application, configMap, synced } from "./objects";
import { fleetId, Surroundings } from "./support";

/** From where GitHub says that it calls hooks (`hooks` of "Get GitHub meta information"). */
const githubHookRanges = ["192.30.252.0/22", "185.199.108.0/22", "140.82.112.0/20", "143.55.64.0/20"];

interface Delivery {
  event: string;
  status: string;
  status_code: number;
}

describe("a webhook of the deployment repository", function () {
  this.timeout(240_000);
  const around = new Surroundings();
  const secret = randomBytes(20).toString("hex");
  let version = 1;

  before(async () => {
    await around.start();
    await around.clusters.gitops(fleetId, true, false);
    await around.login();
    const repoURL = await around.repository("deploy", { "web.json": configMap("web", { version: "1" }) });
    await around.onFleet(application("web", { repoURL }, { automated: true }));
    await around.until("web", "Synced", ({ status }) => status?.sync?.status === "Synced");
    await around.onFleet({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "argocd-secret", namespace: "argocd" },
      stringData: { "webhook.github.secret": secret },
    });
    await waitFor("argocd-server to ask for signatures", unsignedIsRefused, { within: 20_000 });
  });
  // argocd-server listens anew with a new secret: whoever calls meanwhile finds nobody.
  const unsignedIsRefused = async () => {
    const { status } = await around.network.request(`https://${around.host}/api/webhook`, {
      method: "POST",
      headers: { "x-github-event": "ping", "content-type": "application/json" },
      body: '{"zen":"Keep it logically awesome."}',
    });
    return status === 400 ? undefined : `HTTP ${status}`;
  };
  after(() => around.stop());
  afterEach(async () => {
    around.access.publicAccess = true;
    around.access.accessControlList = ["0.0.0.0/0"];
    for (const { id } of await around.call<{ id: number }[]>("GET", hooks)) {
      await around.call("DELETE", `${hooks}/${id}`);
    }
  });

  const hooks = "/repos/acme/deploy/hooks";
  const hook = async (key: string, host = around.host) => {
    const config = { url: `https://${host}/api/webhook`, content_type: "json", secret: key };
    const { id } = await around.call<{ id: number }>("POST", hooks, {
      name: "web",
      config,
      events: ["push"],
    });
    await around.github.settled();
    return async () => {
      await around.github.settled();
      return around.call<Delivery[]>("GET", `${hooks}/${id}/deliveries`);
    };
  };
  const push = () => {
    version += 1;
    return around.push("deploy", { "web.json": configMap("web", { version: String(version) }) });
  };

  it("makes Argo CD deploy a push at once, instead of after its next look at Git", async () => {
    const deliveries = await hook(secret);
    for (let turn = 0; turn < 3; turn++) {
      const { sha, at } = await push();
      const knows = ({ status }: Application) => status?.sync?.revision === sha;
      // Half a second on an idle machine. By itself Argo CD looks every three minutes.
      await around.until("web", "aware of the push", knows, { since: at, within: 20_000 });
      await around.until("web", "deployed", synced(sha));
      expect(await around.deployed("web")).to.deep.equal({ version: String(version) });
    }
    expect((await deliveries()).map(({ event, status_code }) => [event, status_code])).to.deep.equal([
      ["push", 200],
      ["push", 200],
      ["push", 200],
      ["ping", 200],
    ]);
  });

  it("is refused when it is signed with another secret", async () => {
    const deliveries = await hook("not-the-secret");
    await push();
    const [last] = await deliveries();
    expect(last).to.deep.include({
      event: "push",
      status_code: 400,
      status: "Invalid HTTP Response: 400",
    });
  });

  it("fails while the allow-list of the Fleet doesn't let GitHub in, and nobody repeats it", async () => {
    around.access.accessControlList = ["203.0.113.0/24"];
    const deliveries = await hook(secret);
    await push();
    const failed = { event: "push", status_code: 0, status: "failed to connect to network" };
    expect((await deliveries())[0]).to.deep.include(failed);
    around.access.accessControlList = githubHookRanges;
    expect((await deliveries())[0]).to.deep.include(failed);
    // The next push makes up for it.
    const { sha } = await push();
    expect((await deliveries())[0]).to.deep.include({ status: "OK", status_code: 200 });
    await around.until("web", "deployed", synced(sha));
    expect(await around.deployed("web")).to.deep.equal({ version: String(version) });
  });

  it("fails without public access, and for a name that nobody has", async () => {
    around.access.publicAccess = false;
    const closed = await hook(secret);
    expect((await closed())[0]?.status).to.equal("failed to connect to network");
    const nowhere = await hook(
      secret,
      "argocd.c0000000000000000000000000000000.cn-hangzhou.alicontainer.com",
    );
    expect((await nowhere())[0]?.status).to.equal("failed to connect to host");
  });
});
