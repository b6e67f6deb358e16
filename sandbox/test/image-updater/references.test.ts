import { expect } from "chai";
import { fromDockerConfig, parseCredentials, splitCredentials } from "../../image-updater/credentials";
import { matchesGlob } from "../../image-updater/glob";
import { nameOf, parseImage } from "../../image-updater/image-reference";
import { isWanted } from "../../image-updater/platforms";
import { compareVersions, parseConstraint, parseVersion } from "../../image-updater/versions";

describe("Image Updater stand-in: names and patterns", () => {
  it("reads alias, host, name, tag and digest of an image", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    expect(parseImage(`app=r.example.com:5000/ns/echo:v1@${digest}`)).to.deep.equal({
      alias: "app",
      host: "r.example.com:5000",
      name: "ns/echo",
      tag: { name: "v1", digest },
    });
    expect(parseImage("nginx")).to.deep.equal({ alias: "", host: "", name: "nginx" });
    expect(parseImage("ns/echo:v1").host).to.equal("");
    expect(nameOf(parseImage("localhost/echo:v1"))).to.equal("localhost/echo");
  });

  it("reads a range that is no tag only where the older parser does", () => {
    expect(parseImage("app=r.example.com/ns/echo:~1.2").tag?.name).to.equal("~1.2");
    expect(parseImage("app=r.example.com/ns/echo:>=1.2").tag?.name).to.equal(">=1.2");
    // Without an alias the first "=" ends one all the same.
    expect(parseImage("r.example.com/ns/echo:>=1.2").name).to.equal("1.2");
  });

  it("knows four kinds of references to credentials and refuses all else", () => {
    expect(parseCredentials("secret:argocd/acr#acr")).to.include({
      kind: "secret",
      name: "acr",
      field: "acr",
    });
    expect(parseCredentials("r.example.com=pullsecret:argocd/acr")).to.include({
      kind: "pullsecret",
      name: "acr",
    });
    expect(parseCredentials("env:ACR")).to.deep.equal({ kind: "env", variable: "ACR" });
    expect(parseCredentials("ext:/scripts/acr.sh")).to.deep.equal({ kind: "ext", script: "/scripts/acr.sh" });
    for (const wrong of ["acr", "secret:acr#acr", "secret:argocd/acr", "pullsecret:acr", "vault:x", "env:"]) {
      expect(() => parseCredentials(wrong), wrong).to.throw(/invalid|unknown/);
    }
  });

  it("takes logins apart at the first colon, and from a pull secret by the API's host", () => {
    expect(splitCredentials("robot:a:b\n")).to.deep.equal({ username: "robot", password: "a:b\n" });
    const auth = Buffer.from("robot:word").toString("base64");
    const config = JSON.stringify({ auths: { "r.example.com": { auth } } });
    expect(fromDockerConfig(config, "https://r.example.com").password).to.equal("word");
    expect(() => fromDockerConfig(config, "https://r-vpc.example.com")).to.throw(/no valid auth entry/);
  });

  it("matches patterns as filepath.Match does", () => {
    const fits: [string, string][] = [
      ["*", "v1"],
      ["v?", "v1"],
      ["v[0-9]*", "v12"],
      ["[^a]", "b"],
      ["\\*", "*"],
      ["v1.0", "v1.0"],
    ];
    const misses: [string, string][] = [
      ["v1", "v10"],
      ["v1.0", "v1x0"],
      ["{a,b}", "a"],
      ["[^a]", "a"],
      ["[", "["],
      ["*", "a/b"],
      ["x\\", "x"],
    ];
    expect(fits.filter(([pattern, name]) => !matchesGlob(pattern, name))).to.deep.equal([]);
    expect(misses.filter(([pattern, name]) => matchesGlob(pattern, name))).to.deep.equal([]);
  });

  it("takes a variant for its platform, not the other way round", () => {
    expect(isWanted("linux/arm64/v8", ["linux/arm64"])).to.equal(true);
    expect(isWanted("linux/arm64", ["linux/arm64/v8"])).to.equal(false);
    expect(isWanted("linux/arm64", ["linux"])).to.equal(false);
  });

  it("orders versions with their prereleases", () => {
    const order = ["1.0.0-5", "1.0.0-5a", "1.0.0-rc.2", "1.0.0-rc.10", "v1", "1.0.1", "1.10", "2"];
    const versions = [...order].reverse().map((text) => parseVersion(text)!);
    expect(versions.sort(compareVersions).map(({ original }) => original)).to.deep.equal(order);
    expect(
      ["release-v3", "1.2.3.4", "", "vv1", "1.0.0-01"].filter((text) => parseVersion(text)),
    ).to.deep.equal([]);
  });

  it("tests constraints as Masterminds/semver does", () => {
    const rows: [constraint: string, passes: string[], fails: string[]][] = [
      ["~1.2", ["1.2.0", "v1.2.9"], ["1.1.9", "1.3.0", "1.2.5-rc1"]],
      ["~1", ["1.9.0"], ["2.0.0"]],
      ["1.x", ["1.0.0", "1.9.1"], ["2.0.0"]],
      ["1.2", ["1.2.7"], ["1.3.0"]],
      ["*", ["0.1.0", "9.0.0"], ["9.0.0-rc1"]],
      ["^1.2", ["1.9.0"], ["1.1.0", "2.0.0"]],
      ["^0.2.3", ["0.2.9"], ["0.3.0", "1.0.0"]],
      ["^0.0.3", ["0.0.3"], ["0.0.4"]],
      [">=1.2, <2", ["1.2.0", "1.9.9"], ["2.0.0"]],
      [">11", ["12.0.0"], ["11.5.0"]],
      [">11.1", ["11.2.0"], ["11.1.5"]],
      ["<=11", ["11.5.0"], ["12.0.0"]],
      ["!=1.2.x", ["1.3.0"], ["1.2.4"]],
      ["1.2 - 1.4.5", ["1.4.5"], ["1.4.6"]],
      ["^1 || ^3", ["1.5.0", "3.1.0"], ["2.0.0"]],
      ["~1.2-0", ["1.2.5-rc1", "1.2.0"], ["1.3.0"]],
    ];
    for (const [constraint, passes, fails] of rows) {
      const test = parseConstraint(constraint);
      expect(
        passes.filter((text) => !test(parseVersion(text)!)),
        constraint,
      ).to.deep.equal([]);
      expect(
        fails.filter((text) => test(parseVersion(text)!)),
        constraint,
      ).to.deep.equal([]);
    }
    expect(() => parseConstraint("main")).to.throw("improper constraint: main");
  });
});
