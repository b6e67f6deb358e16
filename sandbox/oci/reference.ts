/** A name of an image as github.com/distribution/reference reads it. */
export interface Reference {
  /** Registry host with port; empty when the name has none. */
  host: string;
  /** Path inside the registry, without tag. */
  name: string;
  /** Empty when there is none. */
  tag: string;
  /** `sha256:…` or empty. */
  digest: string;
}

const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domain = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const remainder = new RegExp(
  `^(${component}(?:/${component})*)(?::(\\w[\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);

/** Reads `[host/]name[:tag][@digest]`. @returns `undefined` for what is no name of an image */
export function parseReference(reference: string): Reference | undefined {
  const slash = reference.indexOf("/");
  const first = reference.slice(0, Math.max(slash, 0));
  // A first part is a host only if it looks like one: a dot, a port, "localhost", or a capital letter.
  const hasHost =
    slash >= 0 && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first);
  const host = hasHost ? first : "";
  const match = remainder.exec(hasHost ? reference.slice(slash + 1) : reference);
  if (match === null || /^[a-f0-9]{64}$/.test(reference) || (hasHost && !domain.test(host))) {
    return undefined;
  }
  const [, name = "", tag = "", digest = ""] = match;
  if (
    host.length + name.length >= 255 ||
    (digest.startsWith("sha256:") && !/^sha256:[a-f0-9]{64}$/.test(digest))
  ) {
    return undefined;
  }
  return { host, name, tag, digest };
}
