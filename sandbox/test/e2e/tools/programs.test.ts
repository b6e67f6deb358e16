import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { hash } from "bcryptjs";
import { expect } from "chai";
import { execa } from "execa";
import { ManagedProcess, PortBook, type ProcessSpec, waitFor } from "../../../supervisor";
import { ensureTools, type ToolName } from "../../../tools/index";
import { versions } from "../../../tools/versions";
import { toolCache } from "../../../world/home";
import { cleanUp, temporaryFolder } from "../../tools/surroundings";

/** What the sandbox relies on in programs that may come from their project as well as from this machine. */
describe("the programs beside Argo CD", () => {
  let folder: string;
  let port: number;
  let running: ManagedProcess | undefined;

  before(async function () {
    this.timeout(1_200_000);
    await tool("kustomize", "helm", "miniredis", "registry", "argo-rollouts", "kruise-rollout");
  });
  beforeEach(async () => {
    folder = await temporaryFolder();
    port = await new PortBook(join(folder, "ports.json")).port("program");
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await cleanUp();
  });

  async function tool(...names: ToolName[]): Promise<string> {
    const tools = await ensureTools(names, { cacheDir: toolCache() });
    return tools[names[0]!].path;
  }

  async function run(spec: Pick<ProcessSpec, "command" | "args" | "env" | "ready">): Promise<void> {
    running = new ManagedProcess({
      ...spec,
      name: "program",
      logFile: join(folder, "log"),
      pidFile: join(folder, "pid"),
    });
    await running.start();
  }

  it("say the version that the catalog names", async () => {
    const said = async (name: ToolName, ...args: string[]) => (await execa(await tool(name), args)).stdout;
    expect(await said("kustomize", "version")).to.equal(`v${versions.kustomize}`);
    expect(await said("helm", "version", "--template", "{{.Version}}")).to.equal(`v${versions.helm}`);
    expect(await said("registry", "--version")).to.match(
      new RegExp(` v?${versions.registry.replaceAll(".", "\\.")}$`),
    );
    expect(await said("argo-rollouts", "--version")).to.equal(`v${versions.argoRollouts}`);
  });

  it("render what the two rollout projects install", async () => {
    const kustomize = await tool("kustomize");
    const kinds = async (base: string) =>
      [...(await execa(kustomize, ["build", base])).stdout.matchAll(/^kind: (.*)$/gm)].map(
        (match) => match[1]!,
      );
    expect(await kinds(join(await tool("argo-rollouts-manifests"), "cluster-install"))).to.include.members([
      "CustomResourceDefinition",
      "ClusterRoleBinding",
      "Deployment",
    ]);
    expect(await kinds(join(await tool("kruise-rollout-config"), "config", "default"))).to.include.members([
      "CustomResourceDefinition",
      "MutatingWebhookConfiguration",
      "ValidatingWebhookConfiguration",
      "Deployment",
    ]);
  });

  it("render a chart", async () => {
    await mkdir(join(folder, "chart", "templates"), { recursive: true });
    await writeFile(join(folder, "chart", "Chart.yaml"), "apiVersion: v2\nname: echo\nversion: 1.0.0\n");
    await writeFile(join(folder, "chart", "templates", "a.yaml"), "image: {{ .Values.tag | quote }}\n");
    const rendered = await execa(await tool("helm"), [
      "template",
      join(folder, "chart"),
      "--set-string",
      "tag=1.10",
    ]);
    expect(rendered.stdout).to.match(/^image: "1\.10"$/m);
  });

  describe("the Redis", () => {
    beforeEach(async () => {
      await run({
        command: await tool("miniredis"),
        args: ["--address", `127.0.0.1:${port}`],
        env: { MINIREDIS_PASSWORD: "secret" },
        ready: async () => {
          await redis(port, ["PING"]);
          return undefined;
        },
      });
    });

    it("answers nobody without the password", async () => {
      expect(await redis(port, ["GET", "a"])).to.equal("-NOAUTH Authentication required.");
      expect(await redis(port, ["AUTH", "guess"])).to.match(/^-WRONGPASS/);
    });

    it("forgets what has expired", async () => {
      const auth = ["AUTH", "secret"];
      expect(await redis(port, auth, ["SET", "a", "b", "PX", "5000"])).to.equal("+OK");
      expect(await redis(port, auth, ["EXISTS", "a"])).to.equal(":1");
      const left = async () =>
        (await redis(port, auth, ["EXISTS", "a"])) === ":0" ? undefined : "it is there";
      await waitFor("the key to be gone", left, { within: 30_000 });
    });
  });

  it("include a Redis that serves neither the network nor the public", async () => {
    const miniredis = await tool("miniredis");
    const start = (address: string, env: Record<string, string>) =>
      execa(miniredis, ["--address", address], { env, reject: false, timeout: 10_000 });
    const open = await start(`0.0.0.0:${port}`, { MINIREDIS_PASSWORD: "secret" });
    expect(open.stderr).to.equal(`miniredis: --address 0.0.0.0:${port} is not a loopback address`);
    const free = await start(`127.0.0.1:${port}`, { MINIREDIS_PASSWORD: "" });
    expect(free.stderr).to.equal("miniredis: MINIREDIS_PASSWORD is not set");
    expect([open.exitCode, free.exitCode]).to.deep.equal([1, 1]);
  });

  it("include a registry that keeps images in a folder, for those who can log in", async () => {
    const config = {
      version: 0.1,
      storage: { filesystem: { rootdirectory: join(folder, "images") }, delete: { enabled: true } },
      http: { addr: `127.0.0.1:${port}` },
      auth: { htpasswd: { realm: "sandbox", path: join(folder, "htpasswd") } },
    };
    await writeFile(join(folder, "htpasswd"), `acme:${await hash("secret", 4)}\n`, { mode: 0o600 });
    await writeFile(join(folder, "config.yml"), JSON.stringify(config));
    const api = `http://127.0.0.1:${port}/v2/`;
    const spec = {
      command: await tool("registry"),
      args: ["serve", join(folder, "config.yml")],
      env: { OTEL_TRACES_EXPORTER: "none" },
      ready: async () => ((await fetch(api)).status === 401 ? undefined : "no login is asked for"),
    };
    await run(spec);

    const authorization = `Basic ${Buffer.from("acme:secret").toString("base64")}`;
    const call = (path: string, init: RequestInit = {}) =>
      fetch(new URL(path, api), {
        ...init,
        headers: { authorization, ...(init.headers as Record<string, string>) },
      });
    const content = JSON.stringify({ architecture: "amd64", os: "linux", config: {} });
    const upload = (await call("echo/server/blobs/uploads/", { method: "POST" })).headers.get("location")!;
    const stored = await call(`${upload}&digest=${encodeURIComponent(digest(content))}`, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: content,
    });
    expect(stored.status).to.equal(201);
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: {
        mediaType: "application/vnd.oci.image.config.v1+json",
        digest: digest(content),
        size: content.length,
      },
      layers: [],
    });
    const headers = { "content-type": mediaType };
    expect(
      (await call("echo/server/manifests/v1", { method: "PUT", headers, body: manifest })).status,
    ).to.equal(201);

    await running!.stop();
    await run(spec);
    const tags = async () => ((await (await call("echo/server/tags/list")).json()) as { tags: unknown }).tags;
    expect(await tags()).to.deep.equal(["v1"]);
    expect((await call(`echo/server/manifests/${digest(manifest)}`, { method: "DELETE" })).status).to.equal(
      202,
    );
    expect(await tags()).to.equal(null);
  });

  it("include a manager of canary releases that reads its Lua scripts from where it is started", async () => {
    const cwd = await tool("kruise-rollout-config");
    const { stderr } = await execa(await tool("kruise-rollout"), ["--help"], { cwd, reject: false });
    expect(stderr).to.match(/Init Lua Configuration\(.*trafficrouting_ingress\/nginx\.lua/);
  });
});

function digest(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Sends commands over one connection. @returns the last answer, which must be a single line */
async function redis(port: number, ...commands: string[][]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    let answer = "";
    for (const command of commands) {
      const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join("");
      socket.write(`*${command.length}\r\n${parts}`);
      answer = String((await once(socket, "data"))[0]).trimEnd();
    }
    return answer;
  } finally {
    socket.destroy();
  }
}
