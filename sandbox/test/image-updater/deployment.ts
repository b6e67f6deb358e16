/** A repository with charts and kustomizations on a GitHub of its own, and what one can do to it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { GithubOptions } from "../../emulators/github/index";
import { botToken, client, World } from "../github/support";

export { botToken };
export const repository = "acme/echo-deploy";

export const kustomization = "resources:\n  - deployment.yaml\n";

/** A tiny repository: `charts/echo`, `kustomize/greeter/overlays/dev`, and a tag. */
export class Deployment {
  readonly world = new World();
  url!: string;
  #bare!: string;

  async start(options: Partial<GithubOptions> = {}): Promise<this> {
    await this.world.start(options);
    const folder = this.world.folder();
    const files = {
      "charts/echo/Chart.yaml": "apiVersion: v2\nname: echo\nversion: 0.1.0\n",
      "charts/echo/values.yaml": "# ours\nimage:\n  repository: none\n  tag: none\n",
      "kustomize/greeter/overlays/dev/kustomization.yml": kustomization,
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    await this.world.github.addRepository("samples/echo-deploy", folder);
    await this.world.fork("echo-deploy");
    this.url = this.world.url(repository);
    const repositories = join(this.world.home, "state", "repositories");
    // Repositories are numbered; the fork was made last.
    const [last = 0] = readdirSync(repositories)
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => b - a);
    this.#bare = join(repositories, `${last}.git`);
    this.git("tag", "v1.0.0", "main");
    return this;
  }

  stop(): Promise<void> {
    return this.world.stop();
  }

  /** git in the repository itself, past the server: at once, whatever else is going on. */
  git(...args: string[]): string {
    const who = { GIT_AUTHOR_NAME: "Ann", GIT_AUTHOR_EMAIL: "ann@example.com" };
    const committer = { GIT_COMMITTER_NAME: "Ann", GIT_COMMITTER_EMAIL: "ann@example.com" };
    const env = { ...process.env, ...who, ...committer };
    return execFileSync("git", ["--git-dir", this.#bare, ...args], {
      encoding: "utf8",
      env,
      stdio: "pipe",
    }).trimEnd();
  }

  /** A commit without a change, by somebody else. */
  commitMeanwhile(branch = "main"): void {
    const commit = this.git("commit-tree", `${branch}^{tree}`, "-p", branch, "-m", "Something else");
    this.git("update-ref", `refs/heads/${branch}`, commit);
  }

  /** Subjects of the commits of a branch, newest first, without the first one. */
  subjects(branch = "main"): string[] {
    return this.git("log", "--format=%s", branch).split("\n").slice(0, -1);
  }

  file(path: string, branch = "main"): string {
    return `${this.git("cat-file", "blob", `${branch}:${path}`)}\n`;
  }

  /** A commit that somebody pushes the usual way. */
  async push(file: string, text: string): Promise<void> {
    const folder = await this.world.clone(repository, `x-access-token:${botToken}`);
    await this.world.commit(folder, file, text);
    await client(["-C", folder, "push", "--quiet", "origin", "main"]);
  }
}
