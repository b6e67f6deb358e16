import { expect } from "chai";
import { waitFor } from "../../../supervisor";
import { describeApplication, usePipeline } from "../support/pipeline";
import { addServices, createRef, removeServices } from "./extra-services";
import { kustomization } from "./small-workloads";
import { deploymentHead, writeBacks } from "./write-backs";

const services = Array.from({ length: 20 }, (_, index) => `svc-${String(index + 1).padStart(2, "0")}`);
const sourceOf = (service: string) => `acme/${service}`;

const version = "v1.0.1";

/** Limit on a machine that is busy with other things, too; idle it takes a fraction of it. */
const limit = 300_000;

describe("twenty services over one deployment repository", function () {
  this.timeout(900_000);
  const pipeline = usePipeline();

  before(() =>
    addServices(pipeline(), {
      sources: services.map(sourceOf),
      files: Object.assign(
        {},
        ...services.map((service) =>
          kustomization(`kustomize/${service}`, [{ name: service, tag: "v1.0.0" }]),
        ),
      ),
      services: Object.fromEntries(
        services.map((service) => [
          service,
          {
            images: {
              [service.replace("-", "")]: {
                source: { existing: sourceOf(service) },
                kustomize: { image: service },
              },
            },
            deploy: { kustomize: `kustomize/${service}` },
            update: { allowTags: "regexp:^v[1-9].*" },
          },
        ]),
      ),
    }),
  );
  after(() => removeServices(pipeline()));

  it("released at once, all arrive in Dev, with one commit each", async function () {
    const { sandbox } = pipeline();
    const head = await deploymentHead(pipeline());
    const began = Date.now();
    // Twenty requests at once. How fast GitHub answers them is a matter of this machine, and counts as its time.
    await createRef(pipeline(), services.map(sourceOf), `refs/tags/release-${version}`);
    const accepted = Date.now();
    await sandbox.github.settled();
    const { pushes } = await sandbox.pipeline();
    const tags = pushes.filter(({ ref, at }) => at >= began && ref === `refs/tags/release-${version}`);
    expect(tags.map(({ repository }) => repository).sort()).to.deep.equal(services.map(sourceOf));

    const probe = async () => {
      const { applications } = await sandbox.pipeline();
      const missing = services.flatMap((service) => {
        const found = applications.find(({ name }) => name === `${service}-dev`);
        const seen = found ? describeApplication(found) : "missing";
        return seen === `Synced Healthy ${version}` ? [] : [`${service}-dev: ${seen}`];
      });
      return missing.length ? missing.join("; ") : undefined;
    };
    await waitFor(`${version} of all services in Dev`, probe, { within: limit, every: 100 });
    const seconds = (to: number) => `${((to - began) / 1000).toFixed(1)} s`;
    this.test!.title +=
      `: GitHub had the last tag ${seconds(accepted)} after the requests, had told of the last ` +
      `${seconds(Math.max(...tags.map(({ at }) => at)))} after them, and the last service was Healthy ${seconds(Date.now())} after`;

    await pipeline().updaterRound();
    const written = await writeBacks(pipeline(), head);
    expect(written.filter((subject) => subject.includes("svc-"))).to.deep.equal(
      services.map((service) => `build: automatic update of ${service}-dev`),
    );
    expect(await probe()).to.equal(undefined);
    const { applications } = await sandbox.pipeline();
    const running = applications.filter(({ phase }) => phase === "Running").map(({ name }) => name);
    expect(running, "Applications with an operation that does not end").to.deep.equal([]);
  });
});
