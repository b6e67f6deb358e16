import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inClone } from "../../../operations/clone";
import type { Pipeline } from "../support/pipeline";

/** A source repository of every extra service is this sample under another name. */
const sample = join(import.meta.dirname, "../../../samples/greeter");

/** Services that a test adds to the dev stack, and takes away again when it is done. */
export interface ExtraServices {
  /** `owner/name` of the source repositories that they are built from. */
  sources: readonly string[];
  /** Files of the deployment repository, by path. */
  files: Readonly<Record<string, string>>;
  /** Entries of `ackone-delivery:services`. */
  services: Readonly<Record<string, unknown>>;
}

/** Brings everything about, and resolves when `pulumi up` is through. */
export async function addServices(pipeline: Pipeline, extra: ExtraServices): Promise<void> {
  const { github } = pipeline.sandbox;
  for (const source of extra.sources) {
    const [owner, name] = source.split("/") as [string, string];
    if (!github.exists(owner, name)) await github.addRepository(source, sample);
  }
  await commit(pipeline, `Deploy ${Object.keys(extra.services).join(", ")}`, extra.files);
  await pipeline.up({
    edit(config) {
      const services = config["ackone-delivery:services"] as Record<string, unknown>;
      config["ackone-delivery:services"] = { ...services, ...extra.services };
    },
  });
}

/** Back to the services that the stack has. Repositories stay; nobody looks at them. */
export async function removeServices(pipeline: Pipeline): Promise<void> {
  await pipeline.up({});
}

/**
 * Creates a tag or branch on the newest commit of source repositories, all at once, as the page "New release" of GitHub
 * does.
 *
 * @param ref `refs/tags/release-v1.0.1`
 */
export async function createRef(pipeline: Pipeline, sources: readonly string[], ref: string): Promise<void> {
  const { branches } = await pipeline.sandbox.github.dump();
  const commitOf = (source: string) =>
    branches.find(({ repository, branch }) => repository === source && branch === "main")?.commit;
  await Promise.all(
    sources.map((source) =>
      callGithub(pipeline, "POST", `${source}/git/refs`, { ref, sha: commitOf(source) }),
    ),
  );
}

/** @param ref `refs/heads/stable` */
export async function deleteRef(pipeline: Pipeline, source: string, ref: string): Promise<void> {
  await callGithub(pipeline, "DELETE", `${source}/git/${ref}`);
}

async function callGithub(
  { sandbox }: Pipeline,
  method: string,
  path: string,
  body?: unknown,
): Promise<void> {
  const answer = await fetch(`${sandbox.github.url}/api/v3/repos/${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.credentials.githubToken}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

/** One commit to the deployment repository. */
async function commit(
  { operator }: Pipeline,
  message: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const { deployment } = await operator.platform();
  await inClone({ ...operator, print() {} }, deployment.repository, async ({ shell, folder }) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const git = (...args: string[]) => ({ run: ["git", ...args], in: folder });
    await shell.run([
      git("add", "--all"),
      git("commit", "--quiet", "--allow-empty", "--message", message),
      git("push", "--quiet", "origin", "HEAD"),
    ]);
  });
}
