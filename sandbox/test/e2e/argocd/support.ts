import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  argocdHost,
  type Component,
  type DescribeUpdater,
  HostedArgocd,
  type Programs,
} from "../../../argocd";
import { type Application, ArgocdClient } from "../../../argocd/client";
import { admits } from "../../../argocd/public-access";
import { type Github, startGithub } from "../../../emulators/github";
import { git, isolatedEnvironment } from "../../../git";
import { type ClusterHostProcess, startClusterHost } from "../../../kubernetes";
import type { KubeObject } from "../../../kubernetes/api/client";
import { Authority } from "../../../kubernetes/pki";
import { HttpsFront } from "../../../network/https-front";
import { NameBook } from "../../../network/names";
import { LocalProxy } from "../../../network/proxy";
import { Network } from "../../../network/request";
import { PortBook, waitFor } from "../../../supervisor";
import { ensureTools } from "../../../tools";
import { toolCache } from "../../../world/home";

export const fleetId = "c1f1ee70000000000000000000000001d";
export const member = { id: "c01b4c73f17580d6add8d237c4df8f99e", name: "dev-workloads" };
export const destination = `${member.id}-${member.name}`;
const region = "cn-hangzhou";
/** The bot's, for GitHub. */
export const token = `ghp_bot_token_${randomBytes(14).toString("hex")}`;

/** A Fleet with GitOps and one member, a GitHub, and what joins them. */
export class Surroundings {
  readonly home = mkdtempSync(join(tmpdir(), "argocd-"));
  readonly host = argocdHost({ id: fleetId, region });
  readonly names = new NameBook(join(this.home, "names.json"));
  readonly proxy = new LocalProxy(this.names);
  /** Of the Fleet's Argo CD, as GitHub meets it. */
  readonly access = { publicAccess: true, accessControlList: ["0.0.0.0/0"] };
  argocd!: HostedArgocd;
  clusters!: ClusterHostProcess;
  github!: Github;
  network!: Network;
  client!: ArgocdClient;
  programs!: Programs & { etcd: string; "kube-apiserver": string; "kube-controller-manager": string };
  caBundle = join(this.home, "ca.pem");
  /** How often an Image Updater was started. */
  updaterStarts = 0;
  #front: HttpsFront | undefined;
  #manifests = "";
  #authority!: Authority;
  #folders = 0;

  async start(): Promise<void> {
    const tools = await ensureTools(
      [
        "etcd",
        "kube-apiserver",
        "kube-controller-manager",
        "argocd",
        "argocd-manifests",
        "miniredis",
        "kustomize",
        "helm",
      ],
      { cacheDir: toolCache(), report: () => {} },
    );
    this.#manifests = tools["argocd-manifests"].path;
    this.programs = {
      etcd: tools.etcd.path,
      "kube-apiserver": tools["kube-apiserver"].path,
      "kube-controller-manager": tools["kube-controller-manager"].path,
      argocd: tools.argocd.path,
      miniredis: tools.miniredis.path,
      kustomize: tools.kustomize.path,
      helm: tools.helm.path,
    };
    this.#authority = await Authority.open(join(this.home, "kubernetes", "pki"));
    this.#authority.writeBundle(this.caBundle);
    this.network = new Network(this.names, this.#authority.certificate);
    this.github = await startGithub({
      home: join(this.home, "github"),
      tokens: [{ token, login: "acme-bot" }],
      owners: ["acme"],
      network: this.network,
      reachable: (host, from) => host !== this.host || admits(this.access, from),
    });
    await this.proxy.start();
    this.#front = new HttpsFront(
      { host: "github.com", target: this.github.url, names: this.names },
      await this.#authority.server("github", ["github.com"]),
    );
    await this.#front.start();
    await this.startClusters();
    await Promise.all([this.clusters.ensure(fleetId, "fleet"), this.clusters.ensure(member.id, "member")]);
    await this.clusters.attach(fleetId, member);
    for (const name of ["web", "other"]) {
      await this.onMember({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    }
  }

  /** Everything that a restart of the sandbox's process starts anew. */
  async startClusters(): Promise<void> {
    const ports = new PortBook(join(this.home, "ports.json"));
    this.argocd = new HostedArgocd({
      home: join(this.home, "argocd"),
      bin: this.programs,
      ports,
      names: this.names,
      authority: this.#authority,
      proxy: this.proxy.environment().HTTPS_PROXY,
      updater: (place) => {
        this.updaterStarts += 1;
        return updater(place);
      },
      restarts: { base: 500, limit: 2000, forgiven: 60_000 },
    });
    this.clusters = await startClusterHost({
      home: join(this.home, "kubernetes"),
      bin: {
        etcd: this.programs.etcd,
        kubeApiserver: this.programs["kube-apiserver"],
        kubeControllerManager: this.programs["kube-controller-manager"],
      },
      argocdManifests: this.#manifests,
      region,
      ports,
      controllers: this.argocd,
    });
  }

  async stop(): Promise<void> {
    await this.clusters?.stop();
    await this.argocd?.stopAll();
    await this.#front?.stop();
    await this.proxy.stop();
    await this.github?.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** The initial administrator's password, as the Fleet tells it. */
  async password(): Promise<string> {
    const secret = await this.fleetObject("v1", "Secret", "argocd-initial-admin-secret");
    return Buffer.from((secret?.["data"] as { password: string }).password, "base64").toString();
  }

  async login(): Promise<void> {
    this.client = new ArgocdClient(this.network, this.host);
    await this.client.login("admin", await this.password());
  }

  async fleetObject(apiVersion: string, kind: string, name: string): Promise<KubeObject | undefined> {
    return (await this.clusters.objects(fleetId)).get({ apiVersion, kind, name, namespace: "argocd" });
  }

  async onFleet(object: KubeObject): Promise<void> {
    await (await this.clusters.objects(fleetId)).apply(object, { manager: "test", force: true });
  }

  async onMember(object: KubeObject): Promise<void> {
    await (await this.clusters.objects(member.id)).apply(object, { manager: "test", force: true });
  }

  /** `data` of a ConfigMap on the member; undefined while there is none. */
  async deployed(name: string, namespace = "web"): Promise<Record<string, string> | undefined> {
    const objects = await this.clusters.objects(member.id);
    const found = await objects.get({ apiVersion: "v1", kind: "ConfigMap", name, namespace });
    return found && ((found["data"] ?? {}) as Record<string, string>);
  }

  /** A repository of `acme` from files; private ones need the token of {@link credentials}. */
  async repository(name: string, files: Record<string, string>, visibility = "public"): Promise<string> {
    const folder = this.folder(files);
    await this.github.addRepository(`acme/${name}`, folder);
    if (visibility === "private") await this.call("PATCH", `/repos/acme/${name}`, { private: true });
    return `${this.github.url}/acme/${name}.git`;
  }

  /** Argo CD's Secret with the token for a repository. */
  credentials(name: string, url: string): KubeObject {
    return {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name,
        namespace: "argocd",
        labels: { "argocd.argoproj.io/secret-type": "repository" },
      },
      stringData: { type: "git", url, username: "x-access-token", password: token },
    };
  }

  /** Commits files to `main` and pushes. @returns the commit, and when the push was through */
  async push(name: string, files: Record<string, string>): Promise<{ sha: string; at: number }> {
    const folder = this.folder();
    const url = `${this.github.url.replace("//", `//x-access-token:${token}@`)}/acme/${name}.git`;
    await run(["clone", "--quiet", url, folder]);
    write(folder, files);
    await run(["-C", folder, "add", "--all"]);
    await run(["-C", folder, "commit", "--quiet", "-m", `Change ${Object.keys(files).join(", ")}`]);
    await run(["-C", folder, "push", "--quiet", "origin", "HEAD"]);
    const at = Date.now();
    return { sha: (await run(["-C", folder, "rev-parse", "HEAD"])).trim(), at };
  }

  folder(files: Record<string, string> = {}): string {
    this.#folders += 1;
    const folder = join(this.home, `folder-${this.#folders}`);
    mkdirSync(folder);
    write(folder, files);
    return folder;
  }

  /** A call of GitHub's REST API by the bot. */
  async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.github.url}/api/v3${path}`, {
      method,
      headers: { authorization: `token ${token}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  /** Waits until an Application is as wanted. @returns milliseconds since `since` */
  async until(
    name: string,
    what: string,
    holds: (application: Application) => boolean,
    { within = 60_000, since = Date.now() } = {},
  ): Promise<number> {
    await waitFor(
      `${name} to be ${what}`,
      async () => {
        const application = await this.client.application(name);
        return holds(application) ? undefined : JSON.stringify(application.status ?? {}).slice(0, 1500);
      },
      { within, every: 40 },
    );
    return Date.now() - since;
  }

  process(component: Component) {
    const found = this.argocd.status(fleetId).find((one) => one.component === component);
    if (!found) throw new Error(`there is no ${component}`);
    return found;
  }
}

/** Stands in for the Image Updater: runs while it can read the Fleet's kubeconfig. */
const updater: DescribeUpdater = ({ home, kubeconfigFile, logFile, pidFile }) => ({
  name: "argocd-image-updater",
  command: "/bin/sh",
  args: ["-c", `test -r "$KUBECONFIG" && touch started && exec sleep 3600`],
  env: { KUBECONFIG: kubeconfigFile },
  cwd: home,
  logFile,
  pidFile,
  ready: async () => (existsSync(join(home, "started")) ? undefined : "not started"),
});

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function run(args: string[]): Promise<string> {
  const who = { GIT_AUTHOR_NAME: "Ann", GIT_AUTHOR_EMAIL: "ann@example.com" };
  const committer = { GIT_COMMITTER_NAME: "Ann", GIT_COMMITTER_EMAIL: "ann@example.com" };
  return git(args, { env: { ...isolatedEnvironment(), ...who, ...committer }, timeout: 15_000 });
}
