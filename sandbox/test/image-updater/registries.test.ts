import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { behaviourOf, type Release } from "../../image-updater/behaviour";
import { type LookUp, plan, type Query } from "../../image-updater/plan";
import type { LookupError, RegistryPort, SecretData } from "../../image-updater/ports";
import { Registries } from "../../image-updater/registries";
import { parseRegistries } from "../../image-updater/registries-conf";
import { RegistryCredentials } from "../../image-updater/registry-credentials";
import { waitFor } from "../../supervisor";
import { host, OciServer } from "../oci/oci-server";

describe("Image Updater stand-in: asking registries", () => {
  const repository = "echo-dev/echo-server";
  const image = `${host}/${repository}`;
  const latest = { "app.update-strategy": "latest" };
  let server: OciServer;
  let secrets: Record<string, SecretData>;
  let environment: NodeJS.ProcessEnv;
  let registries: Registries;

  beforeEach(async () => {
    server = await new OciServer().start();
    secrets = { "argocd/acr": { acr: "robot:first" } };
    environment = {};
    const cluster = {
      secret: async (namespace: string, name: string) => {
        const found = secrets[`${namespace}/${name}`];
        if (found === undefined) throw new Error(`secrets "${name}" not found`);
        return found;
      },
    };
    registries = new Registries(server.network, new RegistryCredentials(cluster, environment));
  });
  afterEach(() => server.stop());

  /** The query that an Application makes of its image. */
  const query = (annotations: Record<string, string> = {}, entry = "", list = `app=${image}`): Query => {
    const given = { "image-list": list, ...annotations };
    const keys = Object.entries(given).map(([key, value]) => [
      `argocd-image-updater.argoproj.io/${key}`,
      value,
    ]);
    const metadata = { name: "echo-dev", namespace: "argocd", annotations: Object.fromEntries(keys) };
    const spec = { source: { repoURL: "https://git.example.com/acme/echo-deploy.git" } };
    const status = { sourceType: "Helm", summary: { images: [`${image}:v1`] } };
    const conf = `registries: [{name: acr, api_url: "https://${host}", prefix: ${host}${entry}}]`;
    const planned = plan({ metadata, spec, status }, { registries: parseRegistries(conf) }) as LookUp;
    return planned.images[0] as Query;
  };
  const cycle = () => registries.cycle(new AbortController().signal);
  const tags = (of: Query, port: RegistryPort = cycle(), release?: Release, platform = "linux/amd64") =>
    port.tags(of, { platform, behaviour: behaviourOf(release) });
  const failure = (of: Query) =>
    tags(of).then(
      () => "nothing failed",
      (error: LookupError) => `${error.during}: ${error.message}`,
    );

  it("reads names only, where the strategy needs no more", async () => {
    server.push(repository, "v1");
    server.push(repository, "v2");
    expect(await tags(query())).to.deep.equal([{ name: "v1" }, { name: "v2" }]);
    const sorted = ", tagsortmode: latest-first";
    expect(await tags(query(latest, sorted))).to.deep.equal([{ name: "v1" }, { name: "v2" }]);
    expect(server.calls.filter((call) => call.includes("manifests"))).to.deep.equal([]);
  });

  it("reads when allowed tags were built, once for as long as it runs", async () => {
    server.push(repository, "v1", { created: "2026-01-01T00:00:00Z" });
    server.push(repository, "dev");
    const of = query({ ...latest, "app.allow-tags": "regexp:^v" });
    const [v1, dev] = await tags(of);
    expect(v1?.builds).to.deep.equal([
      { platform: "linux/amd64", created: new Date("2026-01-01T00:00:00Z") },
    ]);
    expect(dev).to.deep.equal({ name: "dev" });
    server.push(repository, "v1", { created: "2026-02-01T00:00:00Z" });
    expect((await tags(of))[0]).to.deep.equal(v1);
    expect(server.calls.filter((call) => call.includes("manifests"))).to.have.length(1);
  });

  it("reads the digest of the tag to follow each time", async () => {
    const of = query({ "app.update-strategy": "digest" }, "", `app=${image}:stable`);
    const before = server.push(repository, "stable");
    server.push(repository, "other");
    expect((await tags(of)).map(({ digest }) => digest)).to.deep.equal([before, undefined]);
    const after = server.push(repository, "stable");
    expect((await tags(of))[0]).to.include({ digest: after });
    expect(before).not.to.equal(after);
  });

  it("reads the images of an index for the wanted platforms, and none in v0.12", async () => {
    server.pushIndex(repository, "v1", [{}, { platform: "linux/arm64/v8" }]);
    const platforms = async (of: Query) => (await tags(of))[0]?.builds?.map(({ platform }) => platform);
    expect(await platforms(query(latest))).to.deep.equal(["linux/amd64"]);
    expect(await platforms(query({ ...latest, "app.platforms": "linux/arm64" }))).to.deep.equal([
      "linux/arm64/v8",
    ]);
    const [old] = await tags(query(latest), cycle(), "v0.12", "linux/386");
    expect(old?.problem).to.match(/echo-server:v1: manifest unknown.*does not support OCI indexes/);
  });

  it("names the tags that can't be read, and reads the others", async () => {
    server.pushBroken(repository, "v1");
    server.push(repository, "v2");
    server.push(repository, "v3", { created: "yesterday" });
    const found = await tags(query(latest));
    expect(found.map(({ problem }) => problem === undefined)).to.deep.equal([false, true, false]);
    expect(found[0]?.problem).to.equal(
      `Error fetching metadata for ${repository}:v1: manifest unknown: manifest unknown`,
    );
  });

  it("asks once in a cycle for what several Applications want", async () => {
    server.push(repository, "v1");
    const port = cycle();
    await Promise.all([tags(query(), port), tags(query(), port), tags(query(latest), port)]);
    expect(server.calls.filter((call) => call.endsWith("tags/list"))).to.have.length(1);
  });

  it("keeps credentials until a restart, and says so when they are refused", async () => {
    server.scheme = "bearer";
    server.push(repository, "v1");
    const of = query({}, ", credentials: 'secret:argocd/acr#acr'");
    expect(await tags(of)).to.have.length(1);
    server.login = "robot:second";
    secrets["argocd/acr"] = { acr: "robot:second" };
    expect(await failure(of)).to.match(
      /^Could not get tags from registry: unauthorized: wrong password \(secret:argocd\/acr#acr was read at .*; they are kept until a restart, because the registry has no credsexpire\)$/,
    );
  });

  it("reads them again after credsexpire", async () => {
    server.scheme = "bearer";
    server.push(repository, "v1");
    const of = query({}, ", credentials: 'secret:argocd/acr#acr', credsexpire: 1ms");
    expect(await tags(of)).to.have.length(1);
    server.login = "robot:second";
    secrets["argocd/acr"] = { acr: "robot:second" };
    await waitFor(
      "the new password to be used",
      async () => ((await failure(of)) === "nothing failed" ? undefined : "refused"),
      { within: 5000 },
    );
  });

  it("says what is wrong with credentials, without showing them", async () => {
    server.scheme = "bearer";
    server.push(repository, "v1");
    const own = (reference: string) => failure(query({}, `, credentials: '${reference}'`));
    const endpoint = "Could not set registry endpoint credentials: ";
    expect(await own("secret:argocd/none#acr")).to.equal(
      `${endpoint}could not fetch secret 'none' from namespace 'argocd' (field: 'acr'): secrets "none" not found`,
    );
    expect(await own("secret:argocd/acr#password")).to.match(
      /'argocd\/acr' does not have a field 'password'$/,
    );
    secrets["argocd/acr"] = { acr: "no-colon" };
    expect(await own("secret:argocd/acr#acr")).to.match(/must be <username>:<password>$/);
    expect(await own("env:ACR")).to.match(/env 'ACR' is not set$/);
    environment["ACR"] = ":secret";
    expect(await own("env:ACR")).to.equal(
      `${endpoint}could not fetch credentials: value of ACR is malformed`,
    );
    expect(await own("ext:relative.sh")).to.match(/path to script must be absolute, but is 'relative.sh'$/);
    expect(await failure(query())).to.match(/wrong password \(no credentials are configured for/);
  });

  it("takes them from a variable, a script, a pull secret", async () => {
    server.scheme = "basic";
    server.push(repository, "v1");
    environment["ACR"] = "robot:first";
    const script = join(server.home, "credentials.sh");
    writeFileSync(script, "#!/bin/sh\necho robot:first\n");
    chmodSync(script, 0o700);
    const auth = Buffer.from("robot:first").toString("base64");
    secrets["argocd/pull"] = { ".dockerconfigjson": JSON.stringify({ auths: { [host]: { auth } } }) };
    for (const reference of ["env:ACR", `ext:${script}`, "pullsecret:argocd/pull"]) {
      expect(await tags(query({ "app.pull-secret": reference })), reference).to.have.length(1);
    }
    const wrong = query({ "app.pull-secret": "secret:argocd/none#acr" });
    expect(await failure(wrong)).to.match(/^Could not fetch credentials: could not fetch secret 'none'/);
  });

  it("takes the application's pull-secret where the image has none, and none where the image's is empty", async () => {
    server.scheme = "basic";
    server.push(repository, "v1");
    environment["ACR"] = "robot:first";
    expect(await tags(query({ "pull-secret": "env:ACR" }))).to.have.length(1);
    const own = { "pull-secret": "env:NONE", "app.pull-secret": "env:ACR" };
    expect(await tags(query(own))).to.have.length(1);
    expect(await failure(query({ "pull-secret": "env:NONE" }))).to.equal(
      "Could not fetch credentials: could not fetch credentials: env 'NONE' is not set",
    );
    const hidden = query({ "pull-secret": "env:ACR", "app.pull-secret": "" });
    expect(await failure(hidden)).to.match(/\(no credentials are configured for/);
  });

  it("keeps to the limit of a registry", async () => {
    for (const tag of ["v1", "v2", "v3"]) server.push(repository, tag);
    const began = Date.now();
    await tags(query(latest, ", limit: 20"));
    // A list, three manifests, three configs: six gaps of 50 ms.
    expect(Date.now() - began).to.be.at.least(295);
  });
});
