/**
 * Versions and constraints as github.com/Masterminds/semver/v3 reads them. They are written out here because npm's
 * `semver` differs where it matters: it refuses `v1` and `1.2`, and lets a prerelease of the same x.y.z through.
 */
export interface Version {
  /** As the tag says it, like `v1.2`. */
  original: string;
  major: bigint;
  minor: bigint;
  patch: bigint;
  prerelease: string;
}

const identifier = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const versionForm = new RegExp(
  `^v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:-(${identifier}))?(?:\\+${identifier})?$`,
);

/** Reads a version; a `v` before it and missing minor or patch are fine. Nothing else is: `release-v3` is none. */
export function parseVersion(text: string): Version | undefined {
  const match = versionForm.exec(text);
  const prerelease = match?.[4] ?? "";
  if (match === null || prerelease.split(".").some((part) => /^0\d+$/.test(part))) {
    return undefined;
  }
  const [major, minor, patch] = [match[1], match[2], match[3]].map((part) => BigInt(part ?? 0));
  return { original: text, major: major!, minor: minor!, patch: patch!, prerelease };
}

/** Order of two versions: negative, zero, positive. A prerelease is below its release. */
export function compareVersions(a: Version, b: Version): number {
  for (const part of ["major", "minor", "patch"] as const) {
    if (a[part] !== b[part]) {
      return a[part] < b[part] ? -1 : 1;
    }
  }
  if (a.prerelease === b.prerelease) {
    return 0;
  }
  if (a.prerelease === "" || b.prerelease === "") {
    return a.prerelease === "" ? 1 : -1;
  }
  return comparePrereleases(a.prerelease.split("."), b.prerelease.split("."));
}

function comparePrereleases(a: string[], b: string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i], b[i]];
    if (left === right) {
      continue;
    }
    if (left === undefined || right === undefined) {
      return left === undefined ? -1 : 1;
    }
    const numbers = [left, right].map((part) => /^\d+$/.test(part));
    if (numbers[0] && numbers[1]) {
      return BigInt(left) < BigInt(right) ? -1 : 1;
    }
    // A number is below a word: 3.0.0-5 < 3.0.0-5a7147.
    return numbers[0] !== numbers[1] ? (numbers[0] ? -1 : 1) : left < right ? -1 : 1;
  }
  return 0;
}

/** One comparison of a constraint: operator, version, and which parts were left out or `x`. */
interface Comparison {
  operator: string;
  version: Version;
  /** First part left open; undefined for a full version. `major` is `*`. */
  open?: "major" | "minor" | "patch";
}

const part = "[0-9]+|[xX*]";
const comparisonForm = new RegExp(
  `^(=||!=|>|<|>=|=>|<=|=<|~|~>|\\^)\\s*v?(${part})(?:\\.(${part}))?(?:\\.(${part}))?(?:-(${identifier}))?(?:\\+${identifier})?$`,
);

/**
 * A test for versions, from a constraint like `~1.2`, `1.x`, `>=1.0, <2` or `^1 || ^2`. A version with a prerelease
 * only passes when the constraint has one as well, like `~1.2-0`.
 *
 * @throws Error `improper constraint: …`.
 */
export function parseConstraint(text: string): (version: Version) => boolean {
  const ranges = text.replace(/(\S+)\s+-\s+(\S+)/g, ">=$1,<=$2").split("||");
  const alternatives = ranges.map((range) =>
    range
      .trim()
      .replace(/([=!<>~^])\s+/g, "$1")
      .split(/\s*,\s*|\s+/)
      .map((comparison) => parseComparison(comparison, text)),
  );
  return (version) => alternatives.some((all) => all.every((comparison) => passes(version, comparison)));
}

function parseComparison(text: string, whole: string): Comparison {
  const match = comparisonForm.exec(text);
  if (match === null) {
    throw new Error(`improper constraint: ${whole}`);
  }
  const [, operator = "", major, minor, patch, prerelease = ""] = match;
  const isOpen = (value: string | undefined) => value === undefined || /^[xX*]$/.test(value);
  const open = isOpen(major) ? "major" : isOpen(minor) ? "minor" : isOpen(patch) ? "patch" : undefined;
  const number = (value: string | undefined, given: boolean) => (given ? BigInt(value!) : 0n);
  const version: Version = {
    original: text,
    major: number(major, open !== "major"),
    minor: number(minor, open !== "major" && open !== "minor"),
    patch: number(patch, open === undefined),
    prerelease,
  };
  return { operator, version, ...(open && { open }) };
}

function passes(version: Version, { operator, version: bound, open }: Comparison): boolean {
  if (version.prerelease !== "" && bound.prerelease === "") {
    return false;
  }
  const order = compareVersions(version, bound);
  const sameMajor = version.major === bound.major;
  const sameMinor = sameMajor && version.minor === bound.minor;
  switch (operator) {
    case "":
    case "=":
      return open === undefined ? order === 0 : inTilde(version, bound, open);
    case "!=":
      return open === undefined
        ? order !== 0
        : !(open === "major" || (open === "minor" ? sameMajor : sameMinor));
    case ">":
      if (open === undefined || !sameMajor) {
        return order > 0;
      }
      // ">11" leaves out all of 11.x, ">11.1" all of 11.1.x.
      return open === "patch" ? version.minor > bound.minor : open === "major" && order > 0;
    case "<":
      return order < 0;
    case ">=":
    case "=>":
      return order >= 0;
    case "<=":
    case "=<":
      return order <= 0 || (open === "minor" ? sameMajor : open === "patch" && sameMinor);
    case "^":
      return order >= 0 && inCaret(version, bound, open);
    default:
      return inTilde(version, bound, open);
  }
}

function inTilde(version: Version, bound: Version, open: Comparison["open"]): boolean {
  if (compareVersions(version, bound) < 0) {
    return false;
  }
  const anything = bound.major === 0n && bound.minor === 0n && bound.patch === 0n;
  if (anything && open !== "minor" && open !== "patch") {
    return true;
  }
  return version.major === bound.major && (open === "minor" || version.minor === bound.minor);
}

/** The leftmost part that isn't zero stays. */
function inCaret(version: Version, bound: Version, open: Comparison["open"]): boolean {
  if (version.major !== bound.major || bound.major > 0n || open === "minor") {
    return version.major === bound.major;
  }
  if (version.minor !== bound.minor || bound.minor > 0n || open === "patch") {
    return version.minor === bound.minor;
  }
  return version.patch === bound.patch;
}
