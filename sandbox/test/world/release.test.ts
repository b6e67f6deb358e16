import { expect } from "chai";
import type { ApplicationView, PipelineView } from "../../world/pipeline";
import { ReleaseWatch } from "../../world/release";

const deployment = "acme/echo-deploy";
const write = (at: number, after: string): PipelineView["pushes"][number] => ({
  at,
  repository: deployment,
  ref: "refs/heads/main",
  before: "",
  after,
  login: "acme-bot",
  commits: [
    {
      id: after,
      author: "argocd-image-updater",
      message: "",
      files: ["echo/.argocd-source-echo-staging.yaml"],
    },
  ],
});
const built = (repository: string) =>
  ({
    repository,
    tag: "v1.0.1",
    status: "SUCCESS",
    createdAt: 10,
    endedAt: 11,
  }) as PipelineView["builds"][number];
const application = (revision: string) =>
  ({
    name: "echo-staging",
    revision,
    images: [],
    sync: "OutOfSync",
    health: "Healthy",
  }) as unknown as ApplicationView;

describe("A release of two images", () => {
  const watch = () =>
    new ReleaseWatch({
      service: "echo",
      tag: "v1.0.1",
      since: 1,
      images: ["echo/server", "echo/web"],
      deployment,
      environments: ["staging"],
    });
  const builds = [built("echo/server"), built("echo/web")];
  const staging = (release: ReleaseWatch) => {
    const { writtenBack, noticed } = release.legs.environments["staging"]!;
    return { writtenBack, noticed };
  };

  it("isn't noticed any more when the second image is written back after the first", () => {
    const release = watch();
    release.see({ builds, pushes: [write(20, "first")], applications: [application("first")] }, 21);
    expect(staging(release)).to.deep.equal({ writtenBack: 20, noticed: 21 });
    const pushes = [write(20, "first"), write(30, "second")];
    release.see({ builds, pushes, applications: [application("first")] }, 31);
    expect(staging(release)).to.deep.equal({ writtenBack: 30, noticed: undefined });
    release.see({ builds, pushes, applications: [application("second")] }, 32);
    expect(staging(release)).to.deep.equal({ writtenBack: 30, noticed: 32 });
  });
});
