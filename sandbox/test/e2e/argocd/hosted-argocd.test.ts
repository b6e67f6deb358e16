import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { type Application, ArgocdClient, ArgocdError } from "../../../argocd/client";
import { waitFor } from "../../../supervisor";
import { filesBelow, filesContaining } from "../support/files";
import { application, configMap, synced } from "./objects";
import { fleetId, Surroundings, token } from "./support";

describe("the hosted Argo CD", function () {
  this.timeout(240_000);
  const around = new Surroundings();
  let deploy: string;
  let first: string;

  before(async () => {
    await around.start();
    await around.clusters.gitops(fleetId, true, false);
    await around.login();
    const web = configMap("web", { version: "1" });
    deploy = await around.repository(
      "deploy",
      { "auto/web.json": web, "manual/by-hand.json": web },
      "private",
    );
    first = (await around.push("deploy", { "manual/by-hand.json": configMap("by-hand", { version: "1" }) }))
      .sha;
  });
  after(() => around.stop());

  const refusal = async (work: Promise<unknown>): Promise<ArgocdError> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(ArgocdError);
    return error as ArgocdError;
  };
  const is = (status: "Synced" | "OutOfSync") => (app: Application) => app.status?.sync?.status === status;

  it("answers at its public name to those who log in, and to nobody else", async () => {
    const stranger = new ArgocdClient(around.network, around.host);
    expect(await stranger.version()).to.match(/^v3\.1\.9/);
    expect((await refusal(stranger.applications())).status).to.equal(401);
    expect((await refusal(stranger.login("admin", "wrong"))).status).to.equal(401);
    expect(await around.client.applications()).to.deep.equal([]);
  });

  it("can't read a private repository without its Secret", async () => {
    await around.onFleet(application("auto", { repoURL: deploy, path: "auto" }, { automated: true }));
    await around.until("auto", "refused by GitHub", ({ status }) =>
      JSON.stringify(status?.conditions ?? []).includes("authentication required"),
    );
    expect(await around.deployed("web")).to.equal(undefined);
  });

  it("deploys an automatic Application to the member with the credentials of its repository Secret", async () => {
    await around.onFleet(around.credentials("deploy", deploy));
    // The controller may learn of the Secret later than of the wish, and then says the same as before.
    const probe = async () => {
      const found = await around.client.application("auto", "hard");
      return synced(first)(found)
        ? undefined
        : JSON.stringify(found.status?.conditions ?? found.status?.sync);
    };
    await waitFor("auto to be deployed", probe, { within: 60_000, every: 1000 });
    expect(await around.deployed("web")).to.deep.equal({ version: "1" });
  });

  it("shows a manual Application as OutOfSync and deploys it when somebody says so", async () => {
    await around.onFleet(application("manual", { repoURL: deploy, path: "manual" }));
    await around.until("manual", "OutOfSync", is("OutOfSync"));
    expect(await around.deployed("by-hand")).to.equal(undefined);
    await around.client.sync("manual", { revision: "main" });
    await around.until("manual", "deployed", synced(first));
    expect(await around.deployed("by-hand")).to.deep.equal({ version: "1" });
  });

  it("puts an automatic Application back when somebody changes what it deployed", async () => {
    await around.onMember(JSON.parse(configMap("web", { version: "by hand" }), inWeb));
    const probe = async () => {
      const data = await around.deployed("web");
      return data?.["version"] === "1" ? undefined : JSON.stringify(data);
    };
    await waitFor("the ConfigMap to be as in Git", probe, { within: 60_000 });
  });

  it("follows Git when it is asked to look, and goes back in history", async () => {
    const { sha } = await around.push("deploy", {
      "manual/by-hand.json": configMap("by-hand", { version: "2" }),
    });
    await around.client.application("manual", "normal");
    await around.until("manual", "OutOfSync", is("OutOfSync"));
    expect(await around.deployed("by-hand")).to.deep.equal({ version: "1" });
    await around.client.sync("manual");
    await around.until("manual", "deployed", synced(sha));
    const [oldest] = await around.client.history("manual");
    expect(oldest?.revision).to.equal(first);
    await around.client.rollback("manual", oldest?.id ?? -1);
    await around.until("manual", "rolled back", ({ status }) => {
      const { phase, syncResult } = status?.operationState ?? {};
      return phase === "Succeeded" && syncResult?.revision === first;
    });
    expect(await around.deployed("by-hand")).to.deep.equal({ version: "1" });
    expect((await refusal(around.client.rollback("auto", 0))).message).to.contain("auto-sync is enabled");
  });

  it("renders Kustomize and Helm, with the overrides that an Image Updater writes", async () => {
    const template = configMap("helm", { tag: "{{ .Values.tag }}" });
    const kustomization = "resources: [pod.json]\n";
    const pod = JSON.stringify({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "kustomize" },
      spec: {
        selector: { matchLabels: { app: "k" } },
        template: {
          metadata: { labels: { app: "k" } },
          spec: { containers: [{ name: "c", image: "echo:v1" }] },
        },
      },
    });
    const repoURL = await around.repository("rendered", {
      "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 0.1.0\n",
      "chart/values.yaml": "tag: v1\n",
      "chart/templates/config.json": template,
      "chart/.argocd-source-helm.yaml":
        "helm:\n  parameters:\n  - name: tag\n    value: v2\n    forcestring: true\n",
      "overlay/kustomization.yaml": kustomization,
      "overlay/pod.json": pod,
      "overlay/.argocd-source-kustomize.yaml": "kustomize:\n  images:\n  - echo:v2\n",
    });
    for (const [name, path] of [
      ["helm", "chart"],
      ["kustomize", "overlay"],
    ] as const) {
      await around.onFleet(application(name, { repoURL, path }, { automated: true, namespace: "other" }));
      await around.until(name, "Synced", is("Synced"));
    }
    expect(await around.deployed("helm", "other")).to.deep.equal({ tag: "v2" });
    await around.until("kustomize", "with the image of the override", ({ status }) =>
      (status?.summary?.images ?? []).includes("echo:v2"),
    );
  });

  it("finds public repositories at github.com, and nothing outside of the sandbox", async () => {
    await around.repository("public", { "public.json": configMap("public", { found: "yes" }) });
    await around.onFleet(
      application("public", { repoURL: "https://github.com/acme/public.git" }, { automated: true }),
    );
    await around.until("public", "Synced", is("Synced"));
    expect(await around.deployed("public")).to.deep.equal({ found: "yes" });
    const base = "https://github.com/acme/upstream.git//base?ref=main";
    await around.repository("upstream", {
      "base/kustomization.yaml": "resources: [base.json]\n",
      "base/base.json": configMap("remote-base", { found: "yes" }),
    });
    const repoURL = await around.repository("overlay", { "kustomization.yaml": `resources: ["${base}"]\n` });
    await around.onFleet(application("overlay", { repoURL }, { automated: true }));
    await around.until("overlay", "Synced", is("Synced"));
    expect(await around.deployed("remote-base")).to.deep.equal({ found: "yes" });
    await around.onFleet(application("outside", { repoURL: "https://example.com/acme/public.git" }));
    await around.until("outside", "refused by the proxy", ({ status }) =>
      JSON.stringify(status?.conditions ?? []).includes("unreachable"),
    );
    await around.client.delete("outside", false);
  });

  it("makes the Applications of an ApplicationSet, and removes them with it", async () => {
    const { metadata: _, ...template } = application("", { repoURL: deploy, path: "manual" });
    const set = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: { name: "teams", namespace: "argocd" },
      spec: {
        generators: [{ list: { elements: [{ team: "red" }, { team: "blue" }] } }],
        template: { metadata: { name: "{{team}}" }, spec: template["spec"] },
      },
    };
    const teams = async () =>
      (await around.client.applications())
        .map(({ metadata }) => metadata.name)
        .filter((name) => ["red", "blue"].includes(name))
        .sort();
    const wait = (wanted: string[]) =>
      waitFor(
        `the Applications ${wanted.join(", ")}`,
        async () => ((await teams()).join() === wanted.join() ? undefined : (await teams()).join()),
        // Kubernetes' garbage collector learns of a new CRD within half a minute.
        { within: 60_000 },
      );
    await around.onFleet(set);
    await wait(["blue", "red"]);
    await (await around.clusters.objects(fleetId)).delete({ ...set, name: "teams", namespace: "argocd" });
    await wait([]);
  });

  it("takes the commands of the argocd program unchanged, through the proxy", async () => {
    const argocd = async (...args: string[]) =>
      execa(`${around.home}/argocd/bin/argocd`, args, {
        extendEnv: false,
        env: {
          HOME: around.folder(),
          SSL_CERT_FILE: around.caBundle,
          ARGOCD_SERVER: around.host,
          ARGOCD_AUTH_TOKEN: await around.client.login("admin", await around.password()),
          ...around.proxy.environment(),
        },
      });
    await argocd("app", "sync", "manual", "--revision", "main");
    await argocd("app", "wait", "manual", "--sync", "--operation", "--timeout", "60");
    const { stdout } = await argocd("app", "get", "manual", "--output", "json");
    expect((JSON.parse(stdout) as Application).status?.sync?.status).to.equal("Synced");
    expect(await around.deployed("by-hand")).to.deep.equal({ version: "2" });
  });

  it("removes with an Application everything that it deployed", async () => {
    await around.client.delete("auto");
    const gone = async () => {
      const applications = (await around.client.applications()).map(({ metadata }) => metadata.name);
      return applications.includes("auto") ? applications.join(", ") : undefined;
    };
    await waitFor("the end of the Application", gone, { within: 30_000 });
    expect(await around.deployed("web")).to.equal(undefined);
    expect(await around.deployed("by-hand")).not.to.equal(undefined);
  });

  it("keeps secrets out of logs and command lines", async () => {
    const settings = await around.fleetObject("v1", "Secret", "argocd-secret");
    const key = (settings?.["data"] as Record<string, string>)["server.secretkey"] ?? "";
    const secrets = {
      "the administrator's password": await around.password(),
      "the key of sessions": Buffer.from(key, "base64").toString(),
      "the token for GitHub": token,
    };
    const logs = filesBelow(join(around.home, "argocd", "logs"));
    expect(logs).to.have.length.of.at.least(6);
    expect(filesContaining(logs, secrets)).to.deep.equal([]);
    const { stdout } = await execa("ps", ["-A", "-ww", "-o", "args="]);
    expect(stdout).to.contain(`${around.home}/argocd/bin/argocd-server`);
    for (const [name, secret] of Object.entries(secrets)) expect(stdout, name).not.to.contain(secret);
  });
});

/** Reviver that puts an object into the namespace `web`. */
const inWeb = (key: string, value: unknown) =>
  key === "metadata" ? { ...(value as object), namespace: "web" } : value;
