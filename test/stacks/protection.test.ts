import { expect } from "chai";
import type { Recording } from "../support/mocks";
import { committedStack, runProgram } from "./program";
import { project } from "./stack-file";

const protectedOf = ({ resources }: Recording) =>
  resources.filter(({ protect }) => protect).map(({ name }) => name);

describe("stacks: protection", () => {
  it("protects in prod what can't be had back, and nothing else", async () => {
    expect(protectedOf(await committedStack("prod")).sort()).to.deep.equal([
      "echo-production-application",
      "echo-staging-application",
      "fleet-cluster",
      "fleet-features",
      "greeter-production-application",
      "greeter-staging-application",
      "image-echo-server-repository",
      "image-echo-web-server-repository",
      "image-greeter-repository",
      "protection",
      "registry-instance",
      "registry-namespace",
      "source-ackone-samples-echo-deploy-repository",
      "source-ackone-samples-echo-server-repository",
      "source-ackone-samples-echo-web-server-repository",
      "source-ackone-samples-greeter-repository",
    ]);
  });

  it("protects nothing in dev", async () => {
    expect(protectedOf(await committedStack("dev"))).to.deep.equal([]);
  });

  it("protects a dev stack that asks for it", async () => {
    const graph = await runProgram("dev", {
      change: (config) => {
        config[`${project}:protect`] = true;
      },
    });
    expect(protectedOf(graph)).to.include("registry-instance").and.to.have.length(16);
  });

  it("archives the forks of prod and deletes those of dev", async () => {
    for (const [stack, archived] of [
      ["prod", true],
      ["dev", false],
    ] as const) {
      const forks = (await committedStack(stack)).of("github:index/repository:Repository");
      expect(forks.map(({ inputs }) => inputs.archiveOnDestroy)).to.deep.equal(forks.map(() => archived));
    }
  });
});
