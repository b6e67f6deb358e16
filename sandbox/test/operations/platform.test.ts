import { expect } from "chai";
import { environmentOf, readPlatform, serviceOf } from "../../operations/platform";

const services = {
  echo: {
    images: {
      server: { source: { fork: "samples/echo-server" } },
      web: {
        source: { existing: "acme/web", branch: "trunk" },
        build: { rules: [{ on: "branch", pattern: "release-.*" }] },
      },
      side: { source: { fork: "samples/side", name: "sidecar" }, build: { rules: [{ on: "tag" }] } },
    },
    ignoreTags: { production: ["v1.0.1"] },
  },
};
const environments = {
  dev: { cluster: "workloads", namespace: "echo-dev", sync: "automatic" },
  production: { cluster: "live", namespace: "echo", sync: "manual" },
  staging: { cluster: "workloads", namespace: "echo-staging", sync: "manual" },
};
const deployment = { repository: { fork: "samples/deploy" } };
const config = JSON.stringify(
  Object.fromEntries(
    Object.entries({ services, environments, deployment }).map(([key, objectValue]) => [
      `ackone-delivery:${key}`,
      { value: JSON.stringify(objectValue), objectValue, secret: false },
    ]),
  ),
);
const outputs = JSON.stringify({
  images: { echo: { server: "host/echo/echo-server", web: "host/echo/web", side: "host/echo/sidecar" } },
  deploymentRepository: "acme/deploy",
});
const file = "config:\n  ackone-delivery:environments: {dev: {}, staging: {}, production: {}}\n";

describe("What operators know about a stack", () => {
  const platform = readPlatform(config, outputs, file);

  it("has each image's source repository, branch and build rules", () => {
    const { server, web, side } = platform.services["echo"]!.images;
    expect(server).to.deep.equal({
      reference: "host/echo/echo-server",
      source: "acme/echo-server",
      branch: "main",
      rules: [{ on: "tag", pattern: "release-(?<imageTag>v[\\w.-]+)" }],
    });
    expect(web).to.include({ source: "acme/web", branch: "trunk" });
    expect(web!.rules).to.deep.equal([{ on: "branch", pattern: "release-.*" }]);
    expect(side!.source).to.equal("acme/sidecar");
    expect(side!.rules).to.deep.equal(server!.rules);
  });

  it("has the environments in the order of the stack file", () => {
    expect(Object.entries(platform.environments)).to.deep.equal([
      ["dev", { cluster: "workloads", namespace: "echo-dev", automatic: true }],
      ["staging", { cluster: "workloads", namespace: "echo-staging", automatic: false }],
      ["production", { cluster: "live", namespace: "echo", automatic: false }],
    ]);
  });

  it("has the deployment repository and the ignored tags", () => {
    expect(platform.deployment).to.deep.equal({ repository: "acme/deploy", branch: "main" });
    expect(platform.services["echo"]!.ignoreTags).to.deep.equal({ production: ["v1.0.1"] });
  });

  it("is not there before the first pulumi up", () => {
    expect(() => readPlatform(config, "{}", file)).to.throw('run "pulumi up" first');
  });

  it("names what there is where a name is wrong or missing", () => {
    expect(() => serviceOf(platform, "shop")).to.throw(
      '"shop" is not a service of this stack; there are: echo',
    );
    expect(() => serviceOf(platform, "toString")).to.throw('"toString" is not a service');
    expect(() => environmentOf(platform, "prod")).to.throw(
      '"prod" is not an environment of this stack; there are: dev, staging, production',
    );
    expect(() => environmentOf(platform, undefined)).to.throw(
      "Which environment? There are: dev, staging, production",
    );
  });
});
