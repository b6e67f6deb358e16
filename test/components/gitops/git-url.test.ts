import { expect } from "chai";
import { type GitUrl, parseGitUrl } from "../../../components/gitops/git-url";
import { thrown } from "../../support/thrown";

const good: [string, GitUrl][] = [
  ["https://github.com/acme/echo.git", { transport: "https", host: "github.com", path: "acme/echo" }],
  ["https://github.com/acme/echo", { transport: "https", host: "github.com", path: "acme/echo" }],
  [
    "https://git.acme.example:8443/a/b/c.git",
    { transport: "https", host: "git.acme.example:8443", path: "a/b/c" },
  ],
  ["http://127.0.0.1:3000/acme/echo.git", { transport: "https", host: "127.0.0.1:3000", path: "acme/echo" }],
  ["http://localhost:3000/acme/echo.git", { transport: "https", host: "localhost:3000", path: "acme/echo" }],
  ["git@github.com:acme/echo.git", { transport: "ssh", host: "github.com", path: "acme/echo" }],
  ["ssh://git@github.com:22/acme/echo.git", { transport: "ssh", host: "github.com:22", path: "acme/echo" }],
];

const bad: [string, string][] = [
  [
    "github.com/acme/echo",
    'url: "github.com/acme/echo" is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git',
  ],
  [
    "ftp://github.com/acme/echo",
    'url: "ftp://github.com/acme/echo" is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git',
  ],
  [
    "https://github.com/acme/echo?ref=main",
    'url: "https://github.com/acme/echo?…" is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git',
  ],
  [
    "ftp://bot:hunter2@github.com/acme/echo",
    'url: "ftp://…@github.com/acme/echo" is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git',
  ],
  [
    "https://bot:x/hunter2@github.com/acme/echo.git",
    'url: "https://…@github.com/acme/echo.git" is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git',
  ],
  [
    "ftp://bot:x@hunter2@github.com/acme/echo",
    'url: "ftp://…@github.com/acme/echo" is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git',
  ],
  [
    "bot:hunter2@github.com/acme/echo",
    'url: "…@github.com/acme/echo" is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git',
  ],
  [
    "https://github.com/acme/echo.git?private_token=hunter2",
    'url: "https://github.com/acme/echo.git?…" is not the URL of a Git repository; use https://host/owner/name.git or git@host:owner/name.git',
  ],
  [
    "https://bot:hunter2@github.com/acme/echo.git",
    "url: the URL for github.com has credentials in it; give them as credentials, where they stay secret",
  ],
  [
    "https://hunter2@github.com/acme/echo.git",
    "url: the URL for github.com has credentials in it; give them as credentials, where they stay secret",
  ],
  [
    "http://github.com/acme/echo.git",
    'url: "http://github.com/acme/echo.git" would send the credentials in clear text; use https://',
  ],
  [
    "https://github.com/acme",
    'url: "https://github.com/acme" names no repository; the URL ends with owner/name.git',
  ],
  ["git@github.com:echo", 'url: "git@github.com:echo" names no repository; the URL ends with owner/name.git'],
];

describe("components/gitops/git-url", () => {
  for (const [url, expected] of good) {
    it(`reads ${url}`, () => {
      expect(parseGitUrl("url", url)).to.deep.equal(expected);
    });
  }

  for (const [url, message] of bad) {
    it(`refuses ${url}`, () => {
      expect(thrown(() => parseGitUrl("url", url))).to.equal(message);
    });
  }

  it("never repeats a password", () => {
    for (const [url, message] of bad.filter(([url]) => url.includes("hunter2"))) {
      expect(
        thrown(() => parseGitUrl("url", url)),
        message,
      ).not.to.contain("hunter2");
    }
  });
});
