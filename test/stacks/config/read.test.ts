import { expect } from "chai";
import { VisibleError } from "../../../components/error";
import { suggestion } from "../../../stacks/config/problems";
import { readConfig } from "../../../stacks/config/read";
import { emptyWorld } from "../../support/computed";
import { failureOf, outputOf } from "../../support/mocks";
import { planted, project, secretKeys, sourceOf, stackConfigOf, texts } from "../stack-file";
import { addService, both, complaintsAbout, set } from "./mistake";

describe("stacks/config: reading", () => {
  it("fills in the defaults", () => {
    const config = readConfig(sourceOf(stackConfigOf("dev")));
    expect(config).to.deep.include({
      platform: "acme-dev",
      protect: false,
      region: "cn-hangzhou",
      owner: "acme",
    });
    expect(config.registry.instance).to.deep.equal({
      name: "acme-dev",
      edition: "Basic",
      period: 1,
      renewal: "ManualRenewal",
      setPassword: false,
    });
    expect(config.registry).to.deep.include({ tagImmutability: false, vpcLinks: [] });
    expect(config.fleet.gitops).to.deep.equal({
      highAvailability: false,
      publicAccess: true,
      allow: ["198.51.100.0/24", "github"],
      restartOnChange: true,
      refreshPaths: true,
    });
    expect(config.deployment).to.deep.include({ writeBack: { method: "git" } });
    expect(config.services.greeter!.update.strategy).to.equal("latest");
    expect(config.services.greeter!.images.greeter!.build).to.deep.equal({
      overseas: true,
      cache: true,
      rules: [{ on: "tag" }],
    });
  });

  it("marks the secrets", async () => {
    const { secrets } = readConfig(sourceOf(stackConfigOf("dev")));
    expect(Object.keys(secrets).sort()).to.deep.equal(Object.keys(planted).sort());
    expect(await outputOf(secrets.registryPassword!)).to.deep.equal({
      value: planted.registryPassword,
      known: true,
      secret: true,
    });
  });

  it("reports everything that is wrong in one message", () => {
    expect(
      complaintsAbout(
        both(
          set("platform", "Acme"),
          set("registry.instance.edition", "Gold"),
          set("registry.namespace", "Echo"),
          set("clusters.workloads.id", "c1"),
          set("environments.dev.cluster", "worklods"),
          set("services.echo.update.allowTags", "regexp:^release-"),
          set("servcies", {}),
        ),
      ),
    ).to.have.length(6);
  });

  it("still checks names across groups when another group is wrong", () => {
    expect(
      complaintsAbout(both(set("registry.namespace", "Echo"), set("environments.dev.cluster", "worklods"))),
    ).to.deep.equal([
      `  ${project}:registry.namespace: "Echo" is not a name for an ACR namespace; use 2 to 120 lower-case letters, digits and ., _ and -, letters or digits at both ends`,
      `  ${project}:environments.dev.cluster: "worklods" is not in ${project}:clusters; did you mean workloads?`,
    ]);
  });

  it("counts the problems and says that nothing happened", () => {
    const source = sourceOf({});
    expect(() => readConfig(source)).to.throw(
      VisibleError,
      /^The configuration of this stack has 11 problems; nothing was created or changed\.\n/,
    );
  });

  it("shows no secret in a sentence", () => {
    const values = ["hunter2\n", "hunter2:x", "hunter2 "];
    for (const key of ["registryUser", "registryPassword", "deploymentToken"]) {
      for (const value of values) {
        expect(complaintsAbout(set(key, value)).join("\n")).to.not.contain("hunter2");
      }
    }
    expect(complaintsAbout(() => {}, []).join("\n")).to.not.match(/planted/);
  });

  it("refuses an encrypted value where nothing secret belongs, for it would be used in plain text", () => {
    expect(complaintsAbout(() => {}, [...secretKeys, `${project}:registry`])).to.deep.equal([
      `  ${project}:registry: holds an encrypted value; only registryUser, registryPassword, deploymentToken, deploymentSshKey, deploymentAppKey, writeBackToken, webhookSecret are secrets, so set it without --secret`,
    ]);
  });

  it("stops the program before it registers or calls anything", async () => {
    const config = { ...stackConfigOf("dev"), [`${project}:platform`]: "Acme" };
    let calls = 0;
    const counted = Object.fromEntries(
      Object.keys(emptyWorld).map((token) => [
        token,
        () => {
          calls += 1;
          return {};
        },
      ]),
    );
    let registered = 0;
    const message = await failureOf(
      () => {
        delete require.cache[require.resolve("../../../index")];
        return require("../../../index");
      },
      {
        config: texts(config),
        secretKeys,
        calls: counted,
        fail: () => {
          registered += 1;
          return undefined;
        },
      },
    );
    expect(message).to.contain("has 1 problem");
    expect({ calls, registered }).to.deep.equal({ calls: 0, registered: 0 });
  });

  it("accepts production that deploys by itself when somebody confirms it", () => {
    expect(
      complaintsAbout(
        both(
          set("environments.production.sync", "automatic"),
          set("environments.production.unattended", true),
        ),
      ),
    ).to.deep.equal([]);
  });

  it("accepts an existing registry without saying how it is reached", () => {
    const existing = set("registry", { instance: { id: "cri-0123456789abcdef" }, namespace: "echo" });
    expect(complaintsAbout(existing)).to.deep.equal([]);
  });

  it("accepts builds of release branches, whose tags have the commit in them", () => {
    const rules = [
      { on: "tag" },
      { on: "branch", pattern: "release-(?<line>v\\d+)", imageTag: "${line}-${commit}" },
    ];
    expect(complaintsAbout(set("services.echo.images.echoServer.build", { rules }))).to.deep.equal([]);
    const versionsOnly = set("services.echo.images.echoServer", {
      source: { fork: "ackone-samples/echo-server", archiveOnDestroy: false },
      helm: { name: "image.echoServer.repository", tag: "image.echoServer.tag" },
      build: { rules },
      update: { strategy: "semver", allowTags: "regexp:^v\\d+\\.\\d+\\.\\d+$" },
    });
    expect(complaintsAbout(versionsOnly)).to.deep.equal([]);
  });

  it("accepts a chart at the root of the repository", () => {
    expect(complaintsAbout(set("services.echo.deploy.helm", "."))).to.deep.equal([]);
  });

  it("accepts two services with one chart, whose releases have names of their own", () => {
    const second = addService("web", (service) => {
      service.images = { web: { source: { fork: "a/web" }, helm: { spec: "image" } } };
      service.deploy = { helm: "charts/echo", valueFiles: ["values-web.yaml"] };
    });
    expect(complaintsAbout(second)).to.deep.equal([]);
  });

  it("accepts a source repository whose name no image repository may have, where another one is given", () => {
    const named = both(
      set("services.greeter.images.greeter.source", { existing: "acme/.github" }),
      set("services.greeter.images.greeter.repository", "github"),
    );
    expect(complaintsAbout(named)).to.deep.equal([]);
  });

  it("checks the password that it is to set by ACR's rule", () => {
    const change = both(set("registry.instance.setPassword", true), set("registryPassword", "short"));
    expect(complaintsAbout(change)).to.deep.equal([
      `  ${project}:registryPassword: the password needs 8 to 32 characters with at least two of letters, digits and symbols`,
    ]);
  });

  it("suggests the nearest name, also when letters are swapped, and else lists all", () => {
    expect(suggestion("editoin", ["edition", "name"])).to.equal("did you mean edition?");
    expect(suggestion("size", ["edition", "name"])).to.equal("use edition or name");
    expect(suggestion("size", [])).to.equal("there are none");
  });
});
