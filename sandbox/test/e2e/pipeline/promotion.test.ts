import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { operations } from "../../../operations";
import { usePipeline } from "../support/pipeline";
import { atRest, commandsIn, hasPods, keeps } from "./environments";

/** Environments that wait for a person. */
type Waiting = "staging" | "production";

/** A service, and how a person steers its canary. */
interface Steered {
  service: string;
  kind: string;
  /** Its workloads, named like their containers. */
  workloads: string[];
  group: string;
  /** Argo CD's action for "go on". */
  goOn: string;
  /** Pods of the old version while its first step waits, beside one of the new: 20 % of them, as near as it gets. */
  old: Record<Waiting, number>;
}

const echo: Steered = {
  service: "echo",
  kind: "Helm, Kruise Rollout",
  workloads: ["echo-server", "echo-web-server"],
  group: "rollouts.kruise.io",
  goOn: "approve",
  old: { staging: 3, production: 4 },
};
const greeter: Steered = {
  service: "greeter",
  kind: "Kustomize, Argo Rollouts",
  workloads: ["greeter"],
  group: "argoproj.io",
  goOn: "resume",
  // `maxSurge: 1` of the sample: a fifth pod makes it 20 % in Staging, too.
  old: { staging: 4, production: 4 },
};
const all = [echo, greeter];

/** What the overlays and values files of the sample ask for. */
const replicas: Record<Waiting, number> = { staging: 4, production: 5 };

const actions = (app: string, action: string, { workloads, group }: Steered) =>
  workloads.map(
    (workload) =>
      `argocd app actions run ${app} ${action} --kind Rollout --group ${group} --resource-name ${workload}`,
  );

describe("a promotion", function () {
  this.timeout(600_000);
  const pipeline = usePipeline();

  /** Releases the next version of all services, up to where it waits for a person. @returns the tags by service */
  const releaseAll = async () => {
    const watches = await Promise.all(all.map(({ service }) => pipeline().release(service)));
    for (const watch of watches) await pipeline().arrived(watch, 120_000);
    return Object.fromEntries(watches.map(({ release: { service, tag } }) => [service, tag]));
  };

  /** The version that runs, by Application, when everything is at rest. */
  const running = async () => {
    const versions: Record<string, string> = {};
    for (const { service } of all) {
      for (const environment of ["staging", "production"]) {
        versions[`${service}-${environment}`] = await atRest(pipeline(), service, environment);
      }
    }
    return versions;
  };

  let ran: Record<string, string>;
  let tags: Record<string, string>;
  before("a release that waits for a person everywhere", async () => {
    ran = await running();
    tags = await releaseAll();
  });

  for (const steered of all) {
    const { service, workloads } = steered;
    for (const environment of ["staging", "production"] as const) {
      const app = `${service}-${environment}`;

      describe(`of ${service} (${steered.kind}) to ${environment}`, () => {
        it("stops at the first step of its canary, and stays there", async () => {
          const [old, tag] = [ran[app]!, tags[service]!];
          expect(commandsIn(await pipeline().run("promote", service, environment))).to.deep.equal([
            `argocd app sync ${app}`,
          ]);
          const stopped = { [old]: steered.old[environment], [tag]: 1 };
          await pipeline().settles(app, `Synced Suspended ${[old, tag].sort().join("+")}`);
          await hasPods(pipeline(), environment, workloads, stopped);
          await pipeline().stays([app], 2);
          await hasPods(pipeline(), environment, workloads, stopped);
        });

        it("gives all pods the new version when it is approved", async () => {
          const tag = tags[service]!;
          const approved = commandsIn(await pipeline().run("approve", service, environment));
          // Kruise may overwrite one, which is given again then.
          expect([...new Set(approved)]).to.deep.equal(actions(app, steered.goOn, steered));
          await pipeline().settles(app, `Synced Healthy ${tag}`);
          await hasPods(pipeline(), environment, workloads, { [tag]: replicas[environment] });
          await keeps(pipeline(), app, `Synced Healthy ${tag}`);
        });
      });
    }
  }

  describe("that is complete", () => {
    it("goes back by Argo CD's history, and ends Healthy (Kruise Rollout)", async () => {
      const [app, old] = ["echo-production", ran["echo-production"]!];
      await atRest(pipeline(), "echo", "production");
      const [command] = commandsIn(await pipeline().run("rollback", "echo", "production", "--to", old));
      expect(command).to.match(/^argocd app rollback echo-production \d+$/);
      await hasPods(pipeline(), "production", echo.workloads, { [old]: replicas.production });
      await pipeline().settles(app, `OutOfSync Healthy ${old}`);
      await keeps(pipeline(), app, `OutOfSync Healthy ${old}`);
    });
  });

  describe("that is aborted", () => {
    let old: Record<string, string>;
    let next: Record<string, string>;
    before("the next release", async () => {
      old = await running();
      next = await releaseAll();
    });

    /** Up to where the canary waits. @returns the version that the other pods have */
    const begin = async ({ service, workloads, old: pods }: Steered, environment: Waiting) => {
      const stable = old[`${service}-${environment}`]!;
      await pipeline().run("promote", service, environment);
      const stopped = { [stable]: pods[environment], [next[service]!]: 1 };
      await hasPods(pipeline(), environment, workloads, stopped);
      return stable;
    };

    for (const environment of ["staging", "production"] as const) {
      it(`in ${environment} gives all pods of echo the old version, and is Healthy (Kruise Rollout)`, async () => {
        const [stable, app] = [await begin(echo, environment), `echo-${environment}`];
        const [command, ...more] = commandsIn(await pipeline().run("abort", "echo", environment));
        expect(command).to.match(new RegExp(`^argocd app rollback ${app} \\d+$`));
        expect(more).to.deep.equal([]);
        await hasPods(pipeline(), environment, echo.workloads, { [stable]: replicas[environment] });
        await pipeline().settles(app, `OutOfSync Healthy ${stable}`);
        await keeps(pipeline(), app, `OutOfSync Healthy ${stable}`);
      });

      it(`in ${environment} gives all pods of greeter the old version, and is Degraded until that is deployed (Argo Rollouts)`, async () => {
        const [stable, app] = [await begin(greeter, environment), `greeter-${environment}`];
        expect(commandsIn(await pipeline().run("abort", "greeter", environment))).to.deep.equal(
          actions(app, "abort", greeter),
        );
        await hasPods(pipeline(), environment, greeter.workloads, { [stable]: replicas[environment] });
        await pipeline().settles(app, `Synced Degraded ${stable}`);
        await keeps(pipeline(), app, `Synced Degraded ${stable}`, 2);

        const [command, ...more] = commandsIn(await pipeline().run("rollback", "greeter", environment));
        expect(command).to.match(new RegExp(`^argocd app rollback ${app} \\d+$`));
        expect(more).to.deep.equal([]);
        await pipeline().settles(app, `OutOfSync Healthy ${stable}`);
        await hasPods(pipeline(), environment, greeter.workloads, { [stable]: replicas[environment] });
        await keeps(pipeline(), app, `OutOfSync Healthy ${stable}`);
      });

      if (environment === "staging") {
        it("in staging leaves production alone", async () => {
          for (const { service, workloads } of all) {
            const version = old[`${service}-production`]!;
            await pipeline().settles(`${service}-production`, `OutOfSync Healthy ${version}`);
            await hasPods(pipeline(), "production", workloads, { [version]: replicas.production });
          }
        });
      }
    }

    it("can be promoted again, and an approval that gets lost is given once more, to that canary alone", async () => {
      await begin(echo, "staging");
      const { environment, leave } = losesFirst(pipeline().operator.environment, "echo-web-server");
      const lines: string[] = [];
      const print = (line: string) => lines.push(line);
      try {
        await operations["approve"]!.run({ ...pipeline().operator, environment, print }, ["echo", "staging"]);
      } finally {
        leave();
      }
      const [first, ...later] = approvals(lines);
      expect(first).to.deep.equal({ to: ["echo-server", "echo-web-server"], still: [] });
      expect(later[0]!.still).to.include("echo-web-server");
      // Kruise may have overwritten a real one, too.
      for (const { to, still } of later) expect(to).to.deep.equal(still);
      await hasPods(pipeline(), "staging", echo.workloads, { [next["echo"]!]: replicas.staging });
      await pipeline().settles("echo-staging", `Synced Healthy ${next["echo"]}`);
    });
  });
});

/** The rounds of approvals that `approve` has printed: to which canaries, and which of them had been told before. */
function approvals(lines: readonly string[]): { to: string[]; still: string[] }[] {
  const rounds: { to: string[]; still: string[] }[] = [{ to: [], still: [] }];
  for (const line of lines.flatMap((each) => each.split("\n"))) {
    const still =
      /^# (.+) still waits where it did: the controller overwrote the approval\. Once more:$/.exec(line);
    if (still) rounds.push({ to: [], still: still[1]!.split(" and ") });
    const to = /^\S* ?argocd app actions run echo-staging approve .*--resource-name (\S+)$/.exec(line);
    if (to) rounds.at(-1)!.to.push(to[1]!);
  }
  return rounds;
}

/**
 * An `argocd` whose first approval of one canary has no effect, as when Kruise writes what it knew before over it.
 * @returns what a person's commands run with, and how it ends
 */
function losesFirst(environment: Readonly<Record<string, string>>, canary: string) {
  const folder = mkdtempSync(join(tmpdir(), "ackone-loses-"));
  const real = execFileSync("/bin/sh", ["-c", "command -v argocd"], { env: environment, encoding: "utf8" });
  writeFileSync(
    join(folder, "argocd"),
    `#!/bin/sh
case "$*" in *"--resource-name ${canary}") mkdir '${folder}/lost' 2>/dev/null && exit 0 ;; esac
exec '${real.trim()}' "$@"
`,
    { mode: 0o755 },
  );
  return {
    environment: { ...environment, PATH: `${folder}${delimiter}${environment["PATH"]}` },
    leave: () => rmSync(folder, { recursive: true, force: true }),
  };
}
