import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBuilder } from "../../../builder";
import { Authority } from "../../../kubernetes/pki";
import { NameBook } from "../../../network/names";
import { type Answer, type NamedRequest, Network } from "../../../network/request";
import { type Registry, startRegistry } from "../../../registry";
import { PortBook, waitFor } from "../../../supervisor";
import { ensureTools } from "../../../tools";
import { toolCache } from "../../../world/home";
import { Harness, vpc } from "../../alibaba/harness";
import { botToken, client, World } from "../../github/support";

export const login = { user: "acme-bot@sandbox", password: "Console-set-1" };
export const sampleDockerfile = `FROM golang:1.24-alpine AS build
WORKDIR /source
COPY go.mod *.go ./
RUN go build -o /service .

FROM scratch
COPY --from=build /service /service
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/service"]
`;
export const releases = {
  PushType: "GIT_TAG",
  PushName: "release-(?<imageTag>v[\\w.-]+)",
  ImageTag: "${imageTag}",
};

/** GitHub, the account, the registry and the build machine, wired as in a sandbox; one instance `acme-dev`. */
export class ReleaseWorld {
  readonly home = mkdtempSync(join(tmpdir(), "releases-"));
  readonly github = new World();
  harness!: Harness;
  registry!: Registry;
  instanceId!: string;
  buildDuration = 50;
  /** What the registry had to say that no caller waited for. */
  readonly complaints: string[] = [];
  readonly #repositories = new Map<string, string>();
  readonly #names = new NameBook(join(this.home, "names.json"));
  #authority!: Authority;
  #network!: Network;

  async start(): Promise<this> {
    this.#authority = await Authority.open(join(this.home, "pki"));
    this.#network = new Network(this.#names, this.#authority.certificate);
    await this.github.start({ onPush: (event) => this.harness.emulator.pushed(event) });
    this.harness = await Harness.start(this.#options());
    await this.#startRegistry();
    this.instanceId = await this.instance("acme-dev");
    return this;
  }

  async stop(): Promise<void> {
    await this.registry.stop();
    await this.harness.stop();
    await this.github.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Everything but GitHub is stopped and started again. */
  async restart(whileDown: () => Promise<void> = async () => {}): Promise<void> {
    await this.registry.stop();
    await this.harness.emulator.stop();
    await whileDown();
    await this.harness.restart(this.#options());
    await this.#startRegistry();
  }

  /** An instance with a namespace `echo-dev` and a linked VPC. */
  async instance(name: string): Promise<string> {
    const { client: api } = this.harness;
    const id = await this.harness.instance(name);
    await this.harness.namespace(id);
    const link = { InstanceId: id, VpcId: vpc.id, VswitchId: vpc.vSwitches[0] };
    await api.cr("CreateInstanceVpcEndpointLinkedVpc", link);
    await waitFor(
      "the VPC link",
      async () => (this.harness.emulator.registry.host(this.host(name))?.open ? undefined : "closed"),
      { within: 5000 },
    );
    return id;
  }

  host = (instance = "acme-dev") => `${instance}-registry-vpc.cn-hangzhou.cr.aliyuncs.com`;

  /** An image repository, bound to a source repository in `acme` of the same name. @returns its id */
  async service(name: string, files: Record<string, string>, rule: object = releases): Promise<string> {
    const RepoId = await this.harness.repository(this.instanceId, name);
    this.#repositories.set(name, RepoId);
    await this.github.github.addRepository(`acme/${name}`, this.github.folder(files));
    await this.cr("CreateRepoSourceCodeRepo", name, {
      CodeRepoType: "GITHUB",
      CodeRepoNamespaceName: "acme",
      CodeRepoName: name,
      AutoBuild: true,
    });
    await this.cr("CreateRepoBuildRule", name, rule);
    return RepoId;
  }

  /** An action of Container Registry on one image repository. */
  async cr(action: string, repository: string, parameters: object = {}): Promise<Record<string, unknown>> {
    const target = { InstanceId: this.instanceId, RepoId: this.#repositories.get(repository) };
    const { body } = await this.harness.client.cr(action, { ...target, ...parameters });
    return body;
  }

  clone = (name: string) => this.github.clone(`acme/${name}`, `x-access-token:${botToken}`);

  /** Pushes refs from a clone. */
  push = (folder: string, ...refs: string[]) =>
    client(["-C", folder, "push", "--quiet", "--force", "origin", ...refs]);

  builds = (repository: string) =>
    this.harness.emulator.dump().builds.filter((each) => each.repository === `echo-dev/${repository}`);

  /** The image tags of a repository, sorted. */
  tags = (repository: string) =>
    this.harness.emulator
      .dump()
      .images.filter((each) => each.repository === `echo-dev/${repository}`)
      .map(({ tag }) => tag)
      .sort();

  log = (buildId: string) =>
    this.harness.emulator.buildLog(buildId).map(({ stage, message }) => `${stage} ${message}`);

  /** Waits until this many builds of a repository have ended; gives them, oldest first. */
  async ended(repository: string, count: number, within = 60_000) {
    await waitFor(
      `${count} builds of ${repository}`,
      async () => {
        const all = this.builds(repository);
        const done = all.filter(({ endedAt }) => endedAt !== undefined);
        return done.length >= count ? undefined : JSON.stringify(all.map(({ tag, status }) => [tag, status]));
      },
      { within, every: 20 },
    );
    return this.builds(repository);
  }

  ask = (address: string, request: NamedRequest = {}) => this.#network.request(address, request);

  /** A bearer token; anonymous without a login. @returns the token service's answer */
  async token(
    repository: string,
    actions: string,
    who?: { user: string; password: string },
    host = this.host(),
  ) {
    const refused = await this.ask(`https://${host}/v2/`);
    const challenge = String(refused.headers["www-authenticate"]);
    const [, realm = "", service = ""] = /realm="([^"]+)",service="([^"]+)"/.exec(challenge) ?? [];
    const query = new URLSearchParams({ service, scope: `repository:echo-dev/${repository}:${actions}` });
    const basic = who && `Basic ${Buffer.from(`${who.user}:${who.password}`).toString("base64")}`;
    const answer = await this.ask(`${realm}?${query}`, { headers: basic ? { authorization: basic } : {} });
    const { token = "" } = JSON.parse(answer.body.toString("utf8")) as { token?: string };
    return { status: answer.status, token };
  }

  /** A request as docker makes it: with a token for it. */
  async pull(
    repository: string,
    rest: string,
    { who, host = this.host() }: { who?: { user: string; password: string }; host?: string } = {},
  ): Promise<Answer> {
    const { status, token } = await this.token(repository, "pull", who, host);
    if (status !== 200) return { status, headers: {}, body: Buffer.alloc(0) };
    const headers = {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json",
    };
    return this.ask(`https://${host}/v2/echo-dev/${repository}/${rest}`, { headers });
  }

  #options() {
    return {
      git: { exists: (owner: string, name: string) => this.github.github.exists(owner, name) },
      registryLogin: login,
    };
  }

  async #startRegistry(): Promise<void> {
    const { registry } = await ensureTools(["registry"], { cacheDir: toolCache(), report: () => {} });
    this.registry = await startRegistry({
      home: join(this.home, "registry"),
      binary: registry.path,
      ports: new PortBook(join(this.home, "ports.json")),
      names: this.#names,
      authority: this.#authority,
      account: this.harness.emulator.registry,
      onError: ({ message }) => this.complaints.push(message),
    });
    this.harness.emulator.buildWith(
      createBuilder({
        home: join(this.home, "builder"),
        git: { url: this.github.github.url, token: botToken },
        registry: this.registry,
        ca: this.#authority.certificate,
        duration: this.buildDuration,
      }),
    );
  }
}
