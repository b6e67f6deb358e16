/**
 * Which tags Image Updater considers (Image Updater: "Filtering tags").
 *
 * Its failures are silent: a pattern that it can't read matches nothing, and the service simply never updates. So a
 * pattern is read here in the same dialect first, RE2, which is what Go has; JavaScript's own dialect knows things that
 * Go doesn't, like look-aheads.
 */
import { RE2JS } from "re2js";
import type { Rule } from "../validation";

/** Patterns that JavaScript knows and RE2 doesn't, with the name that people know them by. */
const foreign: [RegExp, string][] = [
  [/\(\?[=!]/, "a look-ahead"],
  [/\(\?<[=!]/, "a look-behind"],
  [/\\[1-9]|\\k</, "a back-reference"],
];

/**
 * `regexp:<pattern>` or `any`. A pattern matches anywhere in the tag unless it has anchors.
 *
 * @param samples Tags as the image's build makes them, like `v1.2.3`. A filter that lets none of them through is
 *   refused; without samples nothing is known, and nothing is refused for it.
 */
export function allowTagsRule(samples: string[]): Rule<string> {
  return (allowTags) => {
    const complaint = syntaxComplaint(allowTags);
    if (complaint !== undefined || samples.length === 0 || mayPass(allowTags, samples)) {
      return complaint;
    }
    const tags = samples.map((tag) => JSON.stringify(tag)).join(", ");
    return `never matches a tag that the build makes, like ${tags}; no release would be deployed`;
  };
}

/** Whether a filter lets a tag of the samples' form through: one for `v2.` is right although today's version is 1. */
function mayPass(allowTags: string, samples: string[]): boolean {
  const allowed = testOf(allowTags);
  // With the numbers that the filter itself speaks of.
  const numbers = [...new Set([...Array(11).keys(), ...(allowTags.match(/\d+/g) ?? []).map(Number)])];
  return samples.some((sample) => allowed(sample) || otherVersions(sample, numbers).some(allowed));
}

/** A tag with `1.2.3` in it, in other versions. */
function otherVersions(tag: string, numbers: number[]): string[] {
  const minors = numbers.flatMap((major) => numbers.map((minor) => `${major}.${minor}`));
  const versions = minors.flatMap((start) => numbers.map((patch) => `${start}.${patch}`));
  return tag.includes("1.2.3") ? versions.map((version) => tag.replace("1.2.3", version)) : [];
}

function syntaxComplaint(allowTags: string): string | undefined {
  if (allowTags === "any") {
    return undefined;
  }
  if (!allowTags.startsWith("regexp:")) {
    return 'matches no tag at all; use "regexp:<pattern>" or "any"';
  }
  const pattern = patternOf(allowTags);
  if (pattern === "" || pattern !== pattern.trim()) {
    return 'has an empty pattern or spaces around it; use "regexp:<pattern>"';
  }
  const construct = foreign.find(([expression]) => expression.test(pattern))?.[1];
  if (construct !== undefined) {
    return `has ${construct}, which Image Updater can't read; its patterns are RE2 (github.com/google/re2/wiki/Syntax)`;
  }
  if (/\(\?P?</.test(pattern)) {
    // Go has known the form without P since 1.22 only, and a name has no use here anyway.
    return "names a group, which has no use in a filter; use a plain group, (…)";
  }
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    const reason = (error as Error).message.replace(/^error parsing regexp: /, "");
    return `is not a regular expression that Image Updater can read: ${reason}`;
  }
}

const compiled = new Map<string, RE2JS>();

/** Every pattern once: the same few are looked at for each image in each environment, and every preview waits for it. */
function compile(pattern: string): RE2JS {
  const expression = compiled.get(pattern) ?? RE2JS.compile(pattern);
  compiled.set(pattern, expression);
  return expression;
}

function patternOf(allowTags: string): string {
  return allowTags.slice("regexp:".length);
}

/** The test that a filter without complaints makes. */
export function testOf(allowTags: string): (tag: string) => boolean {
  if (allowTags === "any") {
    return () => true;
  }
  const expression = compile(patternOf(allowTags));
  return (tag) => expression.matcher(tag).find();
}

/** Tags as builds make them from branches and commits: their order says nothing about their age. */
const commitTags = [
  "5a71470",
  "5a71470e3c0f9d2b8a6e4c1f7d5b3a9e8c6d4f2b",
  "v3-5a7147",
  "main-5a71470",
  "v1.2.3-5a71470",
];

/** Versions with all major numbers that a filter is likely to be about. */
const versionTags = Array.from({ length: 30 }, (_, major) => [`v${major}.2.3`, `${major}.2.3`]).flat();

/** A class of hexadecimal digits, in the ways in which people write it. */
const hexadecimal = /\[(0-9a-f|a-f0-9|\\da-f|a-f\\d|\[:xdigit:)/i;

/** A version as the library of Image Updater reads it: minor and patch may be missing. */
const version = /^v?\d+(\.\d+){0,2}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z.-]+)?$/;

/**
 * What is wrong with the strategy `semver` for the tags of an image. `v3-5a7147` reads as a pre-release of version 3, so
 * that "the newest" would be the one with the highest hexadecimal digits.
 *
 * @param allowTags The filter, without complaints.
 * @param samples Tags as the image's build makes them.
 */
export function semverComplaint(allowTags: string, samples: string[]): string | undefined {
  const allowed = testOf(allowTags);
  const tags = samples.filter(allowed);
  if (tags.length > 0 && !tags.some((tag) => version.test(tag))) {
    return `can't order the tags that the build makes, like "${tags[0]}"; use the strategy latest`;
  }
  const takesCommits = commitTags.some(allowed) && !versionTags.some(allowed);
  return takesCommits || hexadecimal.test(allowTags)
    ? `doesn't go with allowTags ${JSON.stringify(allowTags)}: tags of commit ids have no order; use the strategy latest`
    : undefined;
}

/** A glob (Go: `filepath.Match`) of tags that are never used. */
export const ignoreTagRule: Rule<string> = (glob) =>
  // A comma would start the next one.
  /^(?:[^[\]\\,\s]|\\[^,\s]|\[\^?[^\],\s]+\])+$/.test(glob)
    ? undefined
    : "is not a pattern for tags; use *, ? and [a-z], without spaces and commas";
