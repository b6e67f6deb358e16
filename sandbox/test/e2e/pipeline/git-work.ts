import { inClone } from "../../../operations/clone";
import { Shell } from "../../../operations/shell";
import { waitFor } from "../../../supervisor";
import type { PushView } from "../../../world/pipeline";
import type { Pipeline } from "../support/pipeline";

/** A clone in which somebody works who knows nothing of the operators' commands. */
export interface Work {
  files: string[];
  git(...args: string[]): Promise<string>;
  /** Changes a file as an editor does. */
  edit(file: string, change: (text: string) => string): Promise<void>;
}

/** Works in a fresh clone of a repository, quietly. @param fullName `owner/name` */
export function atHome<T>(
  { operator }: Pipeline,
  fullName: string,
  work: (work: Work) => Promise<T>,
): Promise<T> {
  const context = { ...operator, print: () => {} };
  return inClone(context, fullName, ({ folder, files }) =>
    work({
      files,
      git: async (...args) => (await new Shell(context).read(["git", ...args], folder)).trim(),
      edit: (edit, change) => new Shell(context).run([{ edit, in: folder, says: "", change }]),
    }),
  );
}

/** Waits until GitHub has told everybody about a push: builds that it starts are booked then. */
export async function announced(
  { sandbox }: Pipeline,
  fullName: string,
  ref: string,
  since: number,
): Promise<PushView> {
  let found: PushView | undefined;
  const probe = async () => {
    const { pushes } = await sandbox.pipeline();
    const of = pushes.filter(({ repository, at }) => repository === fullName && at >= since);
    found = of.find((push) => push.ref === ref);
    return found ? undefined : of.map((push) => push.ref).join();
  };
  await waitFor(`a push of ${ref} to ${fullName}`, probe, { within: 30_000, every: 50 });
  return found!;
}

/** Commits that were pushed to a repository since then, the oldest first. @param since milliseconds since 1970 */
export async function pushedCommits(
  { sandbox }: Pipeline,
  fullName: string,
  since: number,
): Promise<PushView["commits"]> {
  const { pushes } = await sandbox.pipeline();
  return pushes
    .filter(({ repository, at }) => repository === fullName && at >= since)
    .flatMap(({ commits }) => commits);
}
