/**
 * From where GitHub delivers webhooks, for allow-lists.
 *
 * Source: the key `hooks` of https://api.github.com/meta, its IPv4 ranges. GitHub says that they change from time to
 * time ("About GitHub's IP addresses"); a delivery from an address that isn't here shows as failed in the repository's
 * settings.
 */

/** The word that stands for all of these ranges in an allow-list. */
export const githubHooks = "github";

export const githubHookRanges: readonly string[] = [
  "192.30.252.0/22",
  "185.199.108.0/22",
  "140.82.112.0/20",
  "143.55.64.0/20",
];

/** An allow-list with the word replaced by the ranges. */
export function withGithubHooks<T>(allow: readonly T[]): (T | string)[] {
  return allow.flatMap((range): (T | string)[] => (range === githubHooks ? [...githubHookRanges] : [range]));
}

/** Whether GitHub's deliveries pass an allow-list, as far as its ranges are plain text. */
export function letsGithubIn(allow: readonly unknown[]): boolean {
  const ranges = withGithubHooks(allow)
    .filter((range) => typeof range === "string")
    .map(rangeOf);
  return githubHookRanges
    .map(rangeOf)
    .every((hooks) => ranges.some(({ first, last }) => first <= hooks.first && hooks.last <= last));
}

/** The first and the last address of a range in CIDR notation, as numbers. */
function rangeOf(range: string): { first: number; last: number } {
  const [address = "", bits] = range.split("/");
  const first = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
}
