/** The changes of a source repository with which releases are tried: a visible one, and two that break something. */

/** What a file of the repository says; undefined when it isn't there. */
export type ReadFile = (path: string) => string | undefined;

export interface SourceChange {
  file: string;
  /** For people. */
  says: string;
  /** Subject of the commit. */
  subject: string;
  change(text: string): string;
}

const brokenBuild = "Mistype an instruction of the Dockerfile";
const brokenStart = "Start a command that ends at once";

/** Commits that the next release takes back, so that it works again. */
export const breakingSubjects: readonly string[] = [brokenBuild, brokenStart];

/**
 * Something that shows: the text after the remark that sample sources have for it, else an entry of the changelog.
 * @param files names of all files in the repository
 */
export function visibleChange(files: readonly string[], read: ReadFile, version: string): SourceChange {
  const subject = `Say ${version}`;
  const source = files.find((file) => /\.(go|js|ts|py|java)$/.test(file) && marked.test(read(file) ?? ""));
  if (source !== undefined) {
    return {
      file: source,
      says: `its text says ${version}`,
      subject,
      change: (text) =>
        text.replace(marked, (_, before: string, said: string) => `${before}"${said} ${version}"`),
    };
  }
  return {
    file: "CHANGELOG.md",
    says: `an entry for ${version}`,
    subject,
    change: (text) => `## ${version}\n\nA release.\n\n${text}`,
  };
}

/** The line after "Change it, …" up to its text; an earlier version at its end goes. */
const marked = /(\/\/ Change it,[^\n]*\n[^"\n]*)"([^"\n]*?)(?: v\d+[\w.-]*)?"/;

/** @throws Error when the repository has no Dockerfile to break */
export function breakBuild(read: ReadFile): SourceChange {
  needDockerfile(read);
  return {
    file: "Dockerfile",
    says: "FROM becomes FORM, so that the build fails",
    subject: brokenBuild,
    change: (text) => text.replace(/^FROM/m, "FORM"),
  };
}

/** The image starts `/bin/false`: it builds, and its pods crash. @throws Error when there is no Dockerfile */
export function breakStart(read: ReadFile): SourceChange {
  needDockerfile(read);
  return {
    file: "Dockerfile",
    says: "the container starts /bin/false, so that its pods crash",
    subject: brokenStart,
    change: (text) =>
      `${text.replaceAll(/^(ENTRYPOINT|CMD)\b.*\n?/gm, "").trimEnd()}\nENTRYPOINT ["/bin/false"]\n`,
  };
}

function needDockerfile(read: ReadFile): void {
  if (read("Dockerfile") === undefined) {
    throw new Error("The repository has no Dockerfile at its root; break it by hand.");
  }
}
