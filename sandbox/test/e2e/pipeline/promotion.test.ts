import { expect } from "chai";
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
  this.timeout(300_000);
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
          expect(commandsIn(await pipeline().run("approve", service, environment))).to.deep.equal(
            actions(app, steered.goOn, steered),
          );
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
    const begin = async ({ service, workloads, old: pods }: Steered) => {
      const stable = old[`${service}-staging`]!;
      await pipeline().run("promote", service, "staging");
      await hasPods(pipeline(), "staging", workloads, { [stable]: pods.staging, [next[service]!]: 1 });
      return stable;
    };

    it("gives all pods of echo the old version, and is Healthy (Kruise Rollout)", async () => {
      const stable = await begin(echo);
      const [command, ...more] = commandsIn(await pipeline().run("abort", "echo", "staging"));
      expect(command).to.match(/^argocd app rollback echo-staging \d+$/);
      expect(more).to.deep.equal([]);
      await hasPods(pipeline(), "staging", echo.workloads, { [stable]: replicas.staging });
      await pipeline().settles("echo-staging", `OutOfSync Healthy ${stable}`);
      await keeps(pipeline(), "echo-staging", `OutOfSync Healthy ${stable}`);
    });

    it("gives all pods of greeter the old version, and is Degraded until that is deployed (Argo Rollouts)", async () => {
      const [stable, app] = [await begin(greeter), "greeter-staging"];
      expect(commandsIn(await pipeline().run("abort", "greeter", "staging"))).to.deep.equal(
        actions(app, "abort", greeter),
      );
      await hasPods(pipeline(), "staging", greeter.workloads, { [stable]: replicas.staging });
      await pipeline().settles(app, `Synced Degraded ${stable}`);
      await keeps(pipeline(), app, `Synced Degraded ${stable}`, 2);

      const [command, ...more] = commandsIn(await pipeline().run("rollback", "greeter", "staging"));
      expect(command).to.match(/^argocd app rollback greeter-staging \d+$/);
      expect(more).to.deep.equal([]);
      await pipeline().settles(app, `OutOfSync Healthy ${stable}`);
      await hasPods(pipeline(), "staging", greeter.workloads, { [stable]: replicas.staging });
      await keeps(pipeline(), app, `OutOfSync Healthy ${stable}`);
    });

    it("leaves production alone", async () => {
      for (const { service, workloads } of all) {
        const version = old[`${service}-production`]!;
        await pipeline().settles(`${service}-production`, `OutOfSync Healthy ${version}`);
        await hasPods(pipeline(), "production", workloads, { [version]: replicas.production });
      }
    });
  });
});
