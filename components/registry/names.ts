/**
 * What ACR Enterprise accepts as names and purchase options.
 *
 * Sources: API reference cr 2018-12-01 (CreateNamespace, CreateRepository) and its console's hints; BssOpenApi
 * CreateInstance for the purchase; reference of the alicloud provider (`cr_ee_instance`, `cs` Enterprise resources).
 */
import { listed, oneOf, type Rule } from "../validation";

/** Editions of ACR Enterprise. The international site sells Basic and Advanced only. */
export const editions = ["Basic", "Standard", "Advanced"] as const;
export type Edition = (typeof editions)[number];

/** What happens when the subscription ends. */
export const renewals = ["ManualRenewal", "AutoRenewal"] as const;
export type Renewal = (typeof renewals)[number];

/** Lengths of a subscription, in months. */
export const periods = [1, 2, 3, 6, 12, 24, 36, 48, 60] as const;
export type Period = (typeof periods)[number];

export const editionRule: Rule<string> = oneOf<string>(
  editions,
  (words) => `is not an edition of ACR Enterprise; use ${words}`,
);

export const renewalRule: Rule<string> = oneOf<string>(
  renewals,
  (words) => `is not a kind of renewal; use ${words}`,
);

export const periodRule: Rule<number> = oneOf<number>(
  periods,
  (words) => `is not a length of subscription that can be bought; use ${words} (months)`,
);

/** 3 to 30 lower-case letters, digits and hyphens: the name becomes the first part of the registry's host. */
export const instanceNameRule: Rule<string> = (name) =>
  /^[a-z0-9](?:[a-z0-9-]{1,28})[a-z0-9]$/.test(name)
    ? undefined
    : "is not a name for an ACR instance; use 3 to 30 lower-case letters, digits and hyphens, no hyphen at either end";

/** `cri-` and letters or digits, as the console shows it. */
export const instanceIdRule: Rule<string> = (id) =>
  /^cri-[a-z0-9]+$/.test(id)
    ? undefined
    : 'is not the id of an ACR instance; it looks like "cri-a1b2c3d4e5f6g7h8"';

export const namespaceNameRule: Rule<string> = nameRule("an ACR namespace", 2, 120);

export const repositoryNameRule: Rule<string> = nameRule("an image repository", 2, 64);

/** The summary of a repository: 1 to 100 characters. */
export const summaryRule: Rule<string> = (summary) =>
  summary.length >= 1 && summary.length <= 100
    ? undefined
    : `has ${summary.length} characters; a repository's summary has 1 to 100`;

export const visibilities = ["PRIVATE", "PUBLIC"] as const;
export type Visibility = (typeof visibilities)[number];

export const visibilityRule: Rule<string> = oneOf<string>(
  visibilities,
  (words) => `is not a visibility of an image repository; use ${words}`,
);

/** Hosts of source code that ACR Enterprise can build from. */
export const sourceTypes = ["GITHUB", "GITLAB", "GITEE", "CODE", "CODEUP"] as const;
export type SourceType = (typeof sourceTypes)[number];

export const sourceTypeRule: Rule<string> = oneOf<string>(
  sourceTypes,
  (words) => `is not a source that ACR can build from; use ${words}`,
);

/**
 * 8 to 32 characters with at least two of letters, digits and symbols. The complaint doesn't repeat the password, so
 * this isn't a {@link Rule} to be used with `checked`.
 */
export function passwordComplaint(password: string): string | undefined {
  const kinds = [/[A-Za-z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  return password.length >= 8 && password.length <= 32 && kinds >= 2
    ? undefined
    : "the password needs 8 to 32 characters with at least two of letters, digits and symbols";
}

/** Beside ACR's own limits the grammar of image references holds, by which clients read a name when they pull. */
function nameRule(what: string, shortest: number, longest: number): Rule<string> {
  const characters = `lower-case letters, digits and ${listed([".", "_", "-"], "and")}`;
  return (name) => {
    if (name.length < shortest || name.length > longest || !/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])$/.test(name)) {
      return `is not a name for ${what}; use ${shortest} to ${longest} ${characters}, letters or digits at both ends`;
    }
    const wrong = name.match(/[._-]+/g)?.find((separator) => !/^(?:[._]|__|-+)$/.test(separator));
    return wrong === undefined
      ? undefined
      : `has "${wrong}" in it, with which no image can be pulled; use one ., one or two _, or dashes between letters and digits`;
  };
}
