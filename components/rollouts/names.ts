/** Versions and names of what canary releases need, checked before a cloud would refuse them. */
import type { Rule } from "../validation";

/** `1.8.4`, `v1.6.0.0-aliyun`: ACK numbers its add-ons in several ways. */
export const addonVersionRule: Rule<string> = (version) =>
  /^v?\d+(\.\d+){1,3}([-.+][\w.-]+)?$/.test(version)
    ? undefined
    : "is not the version of an add-on; use one that the console's add-on page lists, like 1.8.4";

/** A branch, tag or commit of a Git repository. */
export const revisionRule: Rule<string> = (revision) =>
  /^[\w][\w./-]*$/.test(revision) && !revision.includes("..")
    ? undefined
    : "is not a tag, branch or commit; use one like v1.8.3";

/** `host/name:tag` or `host/name@sha256:…`: without either, every restart could bring another version. */
export const pinnedImageRule: Rule<string> = (image) =>
  /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/.test(image) &&
  !image.endsWith(":latest")
    ? undefined
    : "is not an image with a fixed version; use host/name:tag";
