import { table } from "../display/table";
import { canaryText } from "./assess";
import type { Build, OperatorContext } from "./context";
import { versionText } from "./images";
import { nextCommand } from "./next-command";
import { type Observed, observeAll } from "./observe";
import { operation } from "./operation";
import { applicationOf, type Platform, serviceOf } from "./platform";
import { commandLine } from "./step";

/** What one line of the table says. */
export interface StatusRow {
  service: string;
  environment: string;
  running: string;
  /** The version that is written back, and a newer one that isn't yet. */
  newest: string;
  state: string;
  /** What to type next; empty when there is nothing to do. */
  next: string;
  /** What keeps it from getting where it should: pods that don't start, a sync that failed. */
  trouble: string[];
}

export const status = operation({
  usage: "status [service]",
  summary: "every environment: what runs, what is newest, its state, and what to type next",
  async run(context, [service]) {
    const platform = await context.platform();
    if (service !== undefined) serviceOf(platform, service);
    const services = service === undefined ? Object.keys(platform.services) : [service];
    const [rows, builds] = await Promise.all([readStatus(context, services), context.builds()]);
    context.print(statusTable(rows));
    // Before what is wrong, which is read first where it is last.
    for (const line of byHand(platform)) context.print(line);
    for (const { service, environment, trouble } of rows) {
      for (const each of trouble) context.print(`${applicationOf(service, environment)}: ${each}`);
    }
    for (const line of failedBuilds(platform, services, builds)) context.print(line);
  },
});

/** What shows the same on a real account. */
export function byHand({ environments }: Platform): string[] {
  const pods = Object.values(environments).map(({ cluster, namespace }) =>
    commandLine([
      "kubectl",
      "--context",
      cluster,
      "--namespace",
      namespace,
      "get",
      "pods",
      "--output",
      "wide",
    ]),
  );
  return [
    "# by hand: argocd app list",
    ...[...new Set(pods)].map((each) => `#          ${each}`),
    '#          builds: docs/runbooks/release.md, "See it built"',
  ];
}

/** The rows of some services, in the order in which a release travels. */
export async function readStatus(
  context: OperatorContext,
  services: readonly string[],
): Promise<StatusRow[]> {
  const [platform, builds] = await Promise.all([context.platform(), context.builds()]);
  const places = services.flatMap((service) =>
    Object.keys(platform.environments).map((environment) => ({ service, environment })),
  );
  const all = await observeAll(context, places);
  return all.map((seen, index) => {
    const { service, environment } = places[index]!;
    if (seen instanceof Error) {
      return {
        service,
        environment,
        running: "?",
        newest: "?",
        state: "?",
        next: "",
        trouble: [seen.message],
      };
    }
    const { automatic } = platform.environments[environment]!;
    const ignored = platform.services[service]!.ignoreTags[environment] ?? [];
    return statusRow(seen, automatic, newestBuilt(platform, service, builds), ignored);
  });
}

/**
 * @param built the tag that was built last, by alias
 * @param ignored tags that are not to come here
 */
export function statusRow(
  seen: Observed,
  automatic: boolean,
  built: Record<string, string>,
  ignored: readonly string[] = [],
): StatusRow {
  const { service, environment, application, canaries, wanted, live, failing } = seen;
  const waiting = Object.entries(built).filter(([alias, tag]) => !wanted[alias]?.includes(tag));
  const notes = waiting.map(([, tag]) => `${tag} ${ignored.includes(tag) ? "ignored" : "built"}`);
  const more = [...new Set(notes)].join(", ");
  const { sync, health, operationState: operation } = application.status ?? {};
  const failed = operation?.phase === "Failed" || operation?.phase === "Error";
  const problems = application.status?.conditions?.filter(({ type }) => type.endsWith("Error")) ?? [];
  return {
    service,
    environment,
    running: versionText(live),
    newest: versionText(wanted) + (more ? ` (${more})` : ""),
    state: [
      `${sync?.status ?? "Unknown"}, ${health?.status ?? "Unknown"}`,
      ...canaries.map(canaryText).filter(Boolean),
    ].join("\n"),
    next: nextCommand(seen, automatic) ?? "",
    trouble: [
      ...failing,
      ...(failed ? [`sync failed: ${operation?.message ?? "no message"}`] : []),
      ...problems.map(({ message }) => message),
    ],
  };
}

export function statusTable(rows: readonly StatusRow[]): string {
  const head = ["Application", "Runs", "Newest", "State", "Next"];
  return table(
    head,
    rows.map(({ service, environment, running, newest, state, next }) => [
      applicationOf(service, environment),
      ...[running, newest, state, next],
    ]),
  );
}

/** The tag of each image's last good build. @param builds the latest first */
export function newestBuilt(
  platform: Platform,
  service: string,
  builds: readonly Build[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(platform.services[service]!.images).flatMap(([alias, { reference }]) => {
      const last = builds.find((build) => isOf(build, reference) && build.status === "SUCCESS");
      return last ? [[alias, last.tag]] : [];
    }),
  );
}

/** Lines about builds that failed and were not followed by a good one; and those that run. */
export function failedBuilds(
  platform: Platform,
  services: readonly string[],
  builds: readonly Build[],
): string[] {
  const references = services.flatMap((service) =>
    Object.values(platform.services[service]!.images).map(({ reference }) => reference),
  );
  return references.flatMap((reference) => {
    const of = builds.filter((build) => isOf(build, reference));
    const latest = of[0];
    if (latest === undefined) return [];
    const name = `${latest.repository}:${latest.tag}`;
    if (latest.status === "PENDING" || latest.status === "BUILDING") return [`${name} is being built.`];
    if (latest.status !== "FAILED") return [];
    const log = commandLine(["npm", "run", "sandbox", "--", "build-log", latest.id]);
    return [`The build of ${name} failed: ${latest.reason ?? "no reason given"}\n  log: ${log}`];
  });
}

/** ACR's console shows the same; `aliyun cr ListRepoBuildRecordLog` on a real account. */
export const buildLog = operation({
  usage: "build-log <id>",
  summary: "the log of one build, as ACR's console shows it",
  async run(context, [id]) {
    if (id === undefined) throw new Error('Which build? "status" names the failed ones.');
    for (const line of await context.buildLog(id)) context.print(line);
  },
});

const isOf = ({ repository }: Build, reference: string) => reference.endsWith(`/${repository}`);
