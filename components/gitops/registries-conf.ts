/**
 * The text of `registries.conf`, the part of Image Updater's settings that says which registries exist.
 *
 * Image Updater parses it strictly (Image Updater: "Configuring Container Registries"): one unknown key, and it ignores
 * the whole file. Its matching of hosts is exact, too: an image whose host is no prefix in the file is looked up without
 * credentials, which a private registry answers with 401.
 */
import { stringify } from "yaml";
import type { Rule } from "../validation";

export interface RegistryEntry {
  /** Host name of the registry as it stands in the images: `acme-registry-vpc.cn-hangzhou.cr.aliyuncs.com`. */
  host: string;
  /** Where the registry's API is reached from the Fleet: `https://host`. */
  apiUrl: string;
  /** Reference to the credentials: `secret:argocd/acr#acr`. */
  credentials: string;
  /** How long Image Updater remembers the credentials, a Go duration: `1h`. */
  credentialsExpire: string;
}

/** Renders the file for one registry, from values that keep the rules below. */
export function renderRegistriesConf(entry: RegistryEntry): string {
  return stringify({
    registries: [
      {
        name: "Alibaba Cloud Container Registry",
        api_url: entry.apiUrl,
        prefix: entry.host,
        credentials: entry.credentials,
        credsexpire: entry.credentialsExpire,
        insecure: false,
      },
    ],
  });
}

/** A host name with an optional port, as it stands before the first slash of an image. */
export const registryHostRule: Rule<string> = (host) =>
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/.test(host) && /[.:]|^localhost$/.test(host)
    ? undefined
    : "is not a registry's host name; give it without https:// and without a path, like acme-registry.cn-hangzhou.cr.aliyuncs.com";

/** The address of a registry's API. */
export const apiUrlRule: Rule<string> = (url) =>
  /^https?:\/\/[^/?#\s]+$/.test(url)
    ? undefined
    : "is not the address of a registry; use https:// and a host, without a path";

/** A key of a Secret, as Image Updater reads it. */
export const secretReferenceRule: Rule<string> = (reference) =>
  /^secret:[a-z0-9-]+\/[a-z0-9.-]+#[\w.-]+$/.test(reference)
    ? undefined
    : "is not a reference to a Secret; use secret:<namespace>/<name>#<key>";

/** A duration as Go reads it, longer than nothing. */
export const durationRule: Rule<string> = (duration) =>
  /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration) && /[1-9]/.test(duration)
    ? undefined
    : "is not a duration; use hours, minutes or seconds, like 1h or 30m";
