/**
 * How long a release takes from the push of its tag until Dev runs it, leg by leg, with the webhook that tells Argo CD
 * about commits and without it:
 *
 *     npx tsx sandbox/bench/release-legs.ts [releases with it] [releases without it]
 *
 * Starts a sandbox of its own and releases `greeter`, which has one image. Image Updater looks every second here, and
 * every two minutes by default: but for that second its interval is not in the figures. Without the webhook Argo CD
 * asks Git every three minutes and may believe the answer for as long: each of those releases takes up to six.
 */
import { table } from "../display/table";
import { Pipeline } from "../test/e2e/support/pipeline";
import type { Legs } from "../world/release";

const service = "greeter";
const [withHook = 5, without = 3] = process.argv.slice(2).map(Number);

const legs = {
  "push -> image built": ({ pushed, built }: Legs) => built! - pushed!,
  "built -> tag written back": ({ built, environments }: Legs) => environments["dev"]!.writtenBack! - built!,
  "written back -> Argo CD has seen it": ({ environments: { dev } }: Legs) =>
    dev!.noticed! - dev!.writtenBack!,
  "seen -> Dev runs it, Healthy": ({ environments: { dev } }: Legs) => dev!.healthy! - dev!.noticed!,
  "push -> Dev Healthy": ({ pushed, environments }: Legs) => environments["dev"]!.healthy! - pushed!,
};

const secret = "ackone-delivery:webhookSecret";
const withoutWebhook = {
  edit(config: Record<string, unknown>) {
    const key = "ackone-delivery:deployment";
    config[key] = { ...(config[key] as object), webhook: false };
    delete config[secret];
  },
  secrets: { [secret]: undefined },
};

const say = (line: string) => console.error(line);

say("Starting a sandbox with the dev stack (two to three minutes) …");
const pipeline = await Pipeline.start({ updaterInterval: "1s" });
try {
  const quick = await measure(withHook, "with the webhook");
  await pipeline.up(withoutWebhook);
  const slow = await measure(without, "without it");
  console.log(
    table(
      ["Leg (median, with least to most)", `With the webhook (${withHook})`, `Without (${without})`],
      Object.entries(legs).map(([name, of]) => [name, summary(quick.map(of)), summary(slow.map(of))]),
      false,
    ),
  );
} finally {
  await pipeline.stop();
}

async function measure(releases: number, how: string): Promise<Legs[]> {
  const measured: Legs[] = [];
  while (measured.length < releases) {
    const watch = await pipeline.release(service);
    const seen = await pipeline.until(
      watch,
      "in dev",
      ({ environments: { dev } }) => dev?.healthy !== undefined && dev.noticed !== undefined,
      400_000,
    );
    measured.push(seen);
    const seconds = legs["push -> Dev Healthy"](seen) / 1000;
    say(`${service} ${watch.release.tag} ${how}: ${seconds.toFixed(1)} s`);
  }
  return measured;
}

/** Seconds. */
function summary(milliseconds: number[]): string {
  if (milliseconds.length === 0) return "not measured";
  const sorted = [...milliseconds].sort((one, other) => one - other).map((each) => each / 1000);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return `${median.toFixed(1)} s (${sorted[0]!.toFixed(1)} to ${sorted.at(-1)!.toFixed(1)})`;
}
