import { expect } from "chai";
import type { Legs } from "../../../world/release";
import { describeApplication, updaterInterval, usePipeline } from "../support/pipeline";
import { webhookDeliveries } from "./webhook-deliveries";

/** Seconds from the push of the tag to Dev Healthy that a release may take, the pause of Image Updater left out. */
const limit = 15;

/** Releases that are tried: the machine may be busy for a minute or two, with another sandbox that starts. */
const tries = 6;

describe("a release, from the push of its tag", function () {
  this.timeout(900_000);
  const pipeline = usePipeline();

  /** Times of the cycles of Image Updater, milliseconds since 1970; its log has whole seconds, cut off. */
  const cycles = () =>
    pipeline()
      .updaterLog()
      .filter((line) => line.includes("Starting image update cycle"))
      .map((line) => Date.parse(/^time="([^"]+)"/.exec(line)![1]!));

  /**
   * Milliseconds that the new images waited for Image Updater to look again: from the end of the build to the start of
   * the cycle that wrote them back, and never more than its pause. The log's seconds are cut off, so that it is rather
   * too little.
   */
  const waited = ({ built, environments: { dev } }: Legs) => {
    const cycle = Math.max(0, ...cycles().filter((begun) => begun <= dev!.writtenBack!));
    return Math.min(Math.max(cycle - built!, 0), updaterInterval);
  };

  const measure = (legs: Legs) => {
    const { pushed, built, environments } = legs;
    const { writtenBack, noticed, healthy } = environments["dev"]!;
    const wait = waited(legs);
    const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);
    return {
      took: (healthy! - pushed! - wait) / 1000,
      legs:
        `build ${seconds(built! - pushed!)}, wait for Image Updater ${seconds(wait)} (left out), ` +
        `write-back ${seconds(writtenBack! - built! - wait)}, notice ${seconds(noticed! - writtenBack!)}, ` +
        `deployment ${seconds(healthy! - noticed!)}`,
    };
  };

  const waiting = ["staging", "production"];
  const running = (service: string) => async (environment: string) => {
    const seen = describeApplication(await pipeline().application(`${service}-${environment}`));
    return [environment, seen.split(" ").at(-1)!];
  };

  for (const service of ["echo", "greeter"]) {
    it(`of ${service} is Healthy in Dev within ${limit} s, and waits for a person elsewhere`, async () => {
      const measured: ReturnType<typeof measure>[] = [];
      let before: Record<string, string> = {};
      let tag = "";
      while (measured.length < tries && !measured.some(({ took }) => took <= limit)) {
        before = Object.fromEntries(await Promise.all(waiting.map(running(service))));
        const watch = await pipeline().release(service);
        measured.push(measure(await pipeline().arrived(watch, 120_000)));
        tag = watch.release.tag;
      }
      const best = Math.min(...measured.map(({ took }) => took));
      expect(best, `seconds; ${measured.map(({ legs }) => legs).join("; then ")}`).to.be.at.most(limit);
      await pipeline().settles(`${service}-dev`, `Synced Healthy ${tag}`);
      for (const environment of waiting) {
        await pipeline().settles(`${service}-${environment}`, `OutOfSync Healthy ${before[environment]}`);
      }
    });
  }

  it("is noticed by Argo CD because GitHub tells it about each write-back", async () => {
    const known = (await webhookDeliveries(pipeline())).map(({ id }) => id);
    const watch = await pipeline().release("greeter");
    const { environments } = await pipeline().arrived(watch, 120_000);
    await pipeline().sandbox.github.settled();
    const told = (await webhookDeliveries(pipeline())).filter(({ id }) => !known.includes(id));
    const pushes = (await pipeline().sandbox.pipeline()).pushes.filter(
      ({ repository, at }) => repository === watch.release.deployment && at >= watch.release.since,
    );
    expect(told.map(({ event, status_code }) => `${event} ${status_code}`)).to.deep.equal(
      pushes.map(() => "push 200"),
    );
    expect(pushes).to.have.lengthOf(3);
    // By itself Argo CD would look every three minutes.
    for (const [name, { writtenBack, noticed }] of Object.entries(environments)) {
      expect(noticed! - writtenBack!, `milliseconds until it was noticed for ${name}`).to.be.below(20_000);
    }
  });
});
