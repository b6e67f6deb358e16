import { expect } from "chai";
import { Reads } from "../../../operations/reads";
import { waitFor } from "../../../supervisor";
import { usePipeline } from "../support/pipeline";
import { addServices, createRef, deleteRef, removeServices } from "./extra-services";
import { chart, kustomization } from "./small-workloads";

/** One repository that all images are built from: each of them sees the same tags, and takes another one. */
const source = "acme/strategies";

/** In the order in which they are built. */
const tags = ["v1.10.0", "v1.9.0", "v1.2.0"];

/** What each strategy makes of them. */
const chosen = {
  latest: "v1.2.0", // the last that was built
  semver: "v1.10.0", // the highest version
  name: "v1.9.0", // the last in the order of characters
};

type Strategy = keyof typeof chosen | "digest";
const strategies: readonly Strategy[] = ["latest", "semver", "name", "digest"];

const kinds = ["helm", "kustomize"] as const;
type Kind = (typeof kinds)[number];

/** Name of an image repository and of the workload that runs it. */
const nameOf = (kind: Kind, strategy: Strategy) => `${kind}-${strategy}`;

/** The tag that the manifests ask for before Image Updater has written another one. */
const initialTag = (strategy: Strategy) => (strategy === "digest" ? "stable" : "v1.0.0");

/** A push to the branch `stable` moves the tag of that name. */
const stableRule = { on: "branch", pattern: "stable", imageTag: "stable" };

const image = (kind: Kind, strategy: Strategy) => ({
  source: { existing: source },
  repository: nameOf(kind, strategy),
  ...(kind === "helm"
    ? { helm: { name: `${strategy}.image`, tag: `${strategy}.tag` } }
    : { kustomize: { image: nameOf(kind, strategy) } }),
  ...(strategy === "digest" && { build: { rules: [stableRule] } }),
  update: { strategy, ...(strategy === "digest" && { constraint: "stable" }) },
});

const service = (kind: Kind, own: readonly Strategy[], folder: string) => ({
  images: Object.fromEntries(own.map((strategy) => [strategy, image(kind, strategy)])),
  deploy: { [kind]: folder },
});

const workloads = (kind: Kind, own: readonly Strategy[]) =>
  own.map((strategy) => ({ name: nameOf(kind, strategy), key: strategy, tag: initialTag(strategy) }));

describe("the strategies of image updates, each for an image of its own", function () {
  this.timeout(900_000);
  const pipeline = usePipeline();

  /** Pushes to the source repository, and resolves when it is built in as many image repositories. */
  const push = async (ref: string, tag: string, times: number) => {
    const since = Date.now();
    await createRef(pipeline(), [source], ref);
    const probe = async () => {
      const { builds } = await pipeline().sandbox.pipeline();
      const own = builds.filter((each) => each.createdAt >= since && each.source === source);
      const failed = own.find(({ status }) => status === "FAILED");
      if (failed) throw new Error(`the build of ${failed.repository}:${tag} failed: ${failed.reason}`);
      const done = own.filter(({ status }) => status === "SUCCESS").length;
      return done === times ? undefined : `${done} of ${times}`;
    };
    await waitFor(`builds of ${tag}`, probe, { within: 180_000, every: 100 });
  };
  const moveStable = async () => {
    await push("refs/heads/stable", "stable", kinds.length);
    await deleteRef(pipeline(), source, "refs/heads/stable");
  };
  /** `stable@sha256:…`, as the registry has it now. */
  const stable = (kind: Kind) => {
    const { images } = pipeline().sandbox.alibaba.dump();
    const found = images.find(
      ({ repository, tag }) => repository === `echo-dev/${nameOf(kind, "digest")}` && tag === "stable",
    );
    return `stable@${found!.digest}`;
  };
  /** Waits until pods of exactly one image run, this one. */
  const runs = async (kind: Kind, strategy: Strategy, tag: string) => {
    const name = nameOf(kind, strategy);
    const { services, environments } = await pipeline().operator.platform();
    const host = services["echo"]!.images["echoServer"]!.reference.split("/")[0];
    const wanted = `${host}/echo-dev/${name}:${tag}`;
    const probe = async () => {
      const pods = await new Reads(pipeline().operator).pods(environments["dev"]!);
      const seen = pods
        .filter(({ metadata: { deletionTimestamp } }) => deletionTimestamp === undefined)
        .flatMap(({ spec, status }) => {
          const found = spec.containers.find((each) => each.name === name);
          const waiting = status?.containerStatuses?.[0]?.state?.waiting?.reason;
          return found ? [`${found.image}${waiting === undefined ? "" : ` (${waiting})`}`] : [];
        });
      return seen.join() === wanted ? undefined : seen.join();
    };
    await waitFor(`a pod of ${wanted}`, probe, { within: 180_000, every: 200 });
  };

  const first = new Map<Kind, string>();

  before(async () => {
    await addServices(pipeline(), {
      sources: [source],
      files: {
        ...chart("charts/rolling", workloads("helm", ["latest", "semver"])),
        ...chart("charts/fixed", workloads("helm", ["name", "digest"])),
        ...kustomization("kustomize/layered", workloads("kustomize", strategies)),
      },
      services: {
        rolling: service("helm", ["latest", "semver"], "charts/rolling"),
        fixed: service("helm", ["name", "digest"], "charts/fixed"),
        layered: service("kustomize", strategies, "kustomize/layered"),
      },
    });
    await moveStable();
    for (const kind of kinds) {
      first.set(kind, stable(kind));
      await runs(kind, "digest", stable(kind));
    }
    for (const tag of tags) {
      await push(`refs/tags/release-${tag}`, tag, kinds.length * Object.keys(chosen).length);
    }
    await moveStable();
  });
  after(() => removeServices(pipeline()));

  for (const kind of kinds) {
    for (const [strategy, tag] of Object.entries(chosen) as [keyof typeof chosen, string][]) {
      it(`${kind}, ${strategy}: ${tag} of ${tags.join(", ")}`, () => runs(kind, strategy, tag));
    }

    it(`${kind}, digest: what the tag stable was moved to`, async () => {
      expect(stable(kind)).not.to.equal(first.get(kind));
      await runs(kind, "digest", stable(kind));
    });
  }

  it("is where they stay, Synced and Healthy", async () => {
    const workloads = { "rolling-dev": 2, "fixed-dev": 2, "layered-dev": strategies.length };
    for (const [name, count] of Object.entries(workloads)) {
      const probe = async () => {
        const { sync, health, images } = await pipeline().application(name);
        const isThere = sync === "Synced" && health === "Healthy" && images.length === count;
        return isThere ? undefined : `${sync} ${health} ${images}`;
      };
      await waitFor(`${name} to be Healthy, without the images of before`, probe, { within: 120_000 });
    }
    await pipeline().stays(Object.keys(workloads), 1);
    for (const [strategy, tag] of Object.entries(chosen) as [keyof typeof chosen, string][]) {
      for (const kind of kinds) await runs(kind, strategy, tag);
    }
  });
});
