/** URLs of Git repositories, as Argo CD reads them. */
import { invalid, VisibleError } from "../error";

export interface GitUrl {
  /** How the repository is reached, which decides the credentials that fit. */
  transport: "https" | "ssh";
  host: string;
  /** `owner/name`, without `.git`. */
  path: string;
}

const scpLike = /^(?<user>[\w.-]+)@(?<host>[\w.-]+):(?<path>[^/].*)$/;
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads `https://host/owner/name.git`, `git@host:owner/name.git` or `ssh://git@host/owner/name.git`.
 *
 * Plain http is accepted for the loopback interface only: anywhere else it would send the token in clear text.
 *
 * @param path Where the URL stands, for the message.
 * @throws {VisibleError}
 */
export function parseGitUrl(path: string, url: string): GitUrl {
  const scp = scpLike.exec(url)?.groups;
  if (scp && !url.includes("://")) {
    return { transport: "ssh", host: scp.host!, path: repositoryPath(path, url, scp.path!) };
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !["https:", "http:", "ssh:"].includes(parsed.protocol) || parsed.search || parsed.hash) {
    throw invalid(
      path,
      withoutPassword(url),
      "is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git",
    );
  }
  if (parsed.password || (parsed.username && parsed.protocol !== "ssh:")) {
    // The URL itself is not shown: it holds the credentials.
    throw new VisibleError(
      `${path}: the URL for ${parsed.host} has credentials in it; give them as credentials, where they stay secret`,
    );
  }
  if (parsed.protocol === "http:" && !loopback.test(parsed.hostname)) {
    throw invalid(path, url, "would send the credentials in clear text; use https://");
  }
  return {
    transport: parsed.protocol === "ssh:" ? "ssh" : "https",
    host: parsed.host,
    path: repositoryPath(path, url, parsed.pathname.slice(1)),
  };
}

function repositoryPath(path: string, url: string, found: string): string {
  const name = found.replace(/\/$/, "").replace(/\.git$/, "");
  if (!/^[\w.~-]+(\/[\w.~-]+)+$/.test(name)) {
    throw invalid(path, url, "names no repository; the URL ends with owner/name.git");
  }
  return name;
}

/** What can't be read as a URL may have its credentials anywhere before the last `@`, or in the query. */
function withoutPassword(url: string): string {
  return url.replace(/[?#].*$/s, "?…").replace(/^(\w+:\/\/)?.*@/s, "$1…@");
}
