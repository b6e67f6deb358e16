/** A version as people say it: `1.2.3` or `v1.2.3`, maybe with a suffix. */
export interface Version {
  /** `v1.2.3`, the image's tag. */
  tag: string;
  /** `release-v1.2.3`. */
  gitTag: string;
  /** `release-v1`. */
  branch: string;
}

/** @throws Error with what a version looks like. */
export function parseVersion(text: string | undefined): Version {
  const match = /^v?((\d+)\.\d+\.\d+(-[0-9A-Za-z][0-9A-Za-z.-]*)?)$/.exec(text ?? "");
  if (!match) throw new Error(`${text ? `"${text}" is no version` : "Which version?"} Use one like v1.2.3.`);
  return { tag: `v${match[1]}`, gitTag: `release-v${match[1]}`, branch: `release-v${match[2]}` };
}

/** `release-v3` from `v3`, `3` or `v3.1.0`. @throws Error */
export function parseLine(text: string | undefined): string {
  const match = /^v?(\d+)(\.\d+)*$/.exec(text ?? "");
  if (!match) throw new Error(`${text ? `"${text}" is no release line` : "Which line?"} Use one like v3.`);
  return `release-v${match[1]}`;
}

/** The patch version after `v1.2.3`: `v1.2.4`. @throws Error when it has no number to count up. */
export function nextPatch(tag: string): string {
  const match = /^v(\d+)\.(\d+)\.(\d+)$/.exec(tag);
  if (!match) throw new Error(`No version follows ${tag} by itself; name one with --to, like --to v1.2.4.`);
  return `v${match[1]}.${match[2]}.${Number(match[3]) + 1}`;
}
