import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Engine, type EngineOptions, openEngine } from "../../../engine/engine";
import { releaseFirst } from "../../../journey/first-release";
import { nextRelease } from "../../../journey/next-release";
import { type OperatorContext, operations } from "../../../operations";
import { openOperator } from "../../../operations/open";
import { Shell } from "../../../operations/shell";
import { buildsOf } from "../../../operator";
import { Sandbox, type SandboxOptions } from "../../../sandbox";
import { waitFor } from "../../../supervisor";
import type { ApplicationView } from "../../../world/pipeline";
import { type Legs, type Release, ReleaseWatch } from "../../../world/release";
import { succeed } from "./runs";

/** Between two rounds of Image Updater, in milliseconds. */
export const updaterInterval = 2000;

/** A stack that is up, and an operator who is logged in to it: what the tests of releases work with. */
export class Pipeline {
  private constructor(
    readonly sandbox: Sandbox,
    readonly engine: Engine,
    readonly operator: OperatorContext,
    /** Everything that the operator's commands have printed. */
    readonly printed: string[],
  ) {}

  /**
   * The dev stack on a sandbox of its own, with all its services released and deployed once, v1.0.0 everywhere: where
   * most tests of a release begin.
   */
  static async start(options: Omit<SandboxOptions, "home"> = {}): Promise<Pipeline> {
    const home = mkdtempSync(join(tmpdir(), "ackone-pipeline-"));
    const sandbox = await Sandbox.start({ updaterInterval: `${updaterInterval / 1000}s`, ...options, home });
    try {
      const engine = await openEngine(sandbox.info, "dev");
      await succeed(engine, "up");
      const pipeline = await Pipeline.of(sandbox, engine);
      await pipeline.releaseEverythingOnce();
      return pipeline;
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
  }

  /** Any stack that is up on somebody's sandbox, as it stands. */
  static async of(sandbox: Sandbox, engine: Engine): Promise<Pipeline> {
    const printed: string[] = [];
    const operator = await openOperator(sandbox.info, {
      consoles: {
        builds: async () => buildsOf(sandbox.alibaba.dump().builds),
        buildLog: async (id) => sandbox.alibaba.buildLog(id).map(({ message }) => message),
      },
      stack: engine.stack.name,
      print: (line) => printed.push(line),
    });
    return new Pipeline(sandbox, engine, operator, printed);
  }

  /** Ends the sandbox as well, and removes its folder. */
  async stop(): Promise<void> {
    await this.sandbox.stop();
    rmSync(this.sandbox.home.root, { recursive: true, force: true });
  }

  get fleet(): string {
    return this.sandbox.clusters.clusters().find(({ kind }) => kind === "fleet")!.id;
  }

  /** Another `pulumi up` of the stack, with changed config. */
  async up(options: EngineOptions): Promise<{ changes: string[] }> {
    const engine = await openEngine(this.sandbox.info, this.engine.stack.name, options);
    const done = await succeed(engine, "up");
    await this.operator.platform(true);
    return done;
  }

  /** First release and first deployment of services that have none. */
  async releaseEverythingOnce(): Promise<void> {
    await releaseFirst(
      this.operator,
      () => this.sandbox.pipeline(),
      () => {},
    );
  }

  /** Runs a command of the operators; several may run at once. @returns what it printed */
  async run(name: string, ...args: string[]): Promise<string> {
    const lines: string[] = [];
    const print = (line: string) => {
      lines.push(line);
      this.operator.print(line);
    };
    await operations[name]!.run({ ...this.operator, print }, args);
    return lines.join("\n");
  }

  /** The next patch version of a service, pushed. */
  async release(service: string): Promise<ReleaseWatch> {
    const release = await this.nextRelease(service);
    await this.run("release", service, release.tag);
    return new ReleaseWatch(release);
  }

  async nextRelease(service: string): Promise<Release> {
    return nextRelease(await this.operator.platform(), service, await this.sandbox.pipeline());
  }

  /** Waits until a release has come so far. */
  async until(
    watch: ReleaseWatch,
    what: string,
    reached: (legs: Legs) => boolean | Promise<boolean>,
    within = 60_000,
  ): Promise<Legs> {
    const probe = async () => {
      const legs = watch.see(await this.sandbox.pipeline());
      if (legs.failed !== undefined) throw new Error(legs.failed);
      return (await reached(legs)) ? undefined : JSON.stringify(legs);
    };
    await waitFor(`${watch.release.service} ${watch.release.tag}: ${what}`, probe, { within, every: 100 });
    return watch.legs;
  }

  /**
   * Waits until a release runs in dev, and is written back and noticed everywhere else. Several images may be written back
   * in several commits, and Argo CD drops a webhook's refresh while an earlier one of the same Application goes on: what
   * it hasn't noticed of those for half a minute is looked at anew, as the runbook says. A single image is left to Argo CD.
   */
  async arrived(watch: ReleaseWatch, within = 60_000): Promise<Legs> {
    const { service, images } = watch.release;
    const looked = new Set<string>();
    const lookAnew = async (environments: Legs["environments"]) => {
      if (images.length === 1) return;
      for (const [name, { writtenBack, noticed }] of Object.entries(environments)) {
        if (noticed !== undefined || looked.has(name) || Date.now() - (writtenBack ?? Date.now()) < 30_000)
          continue;
        looked.add(name);
        await this.refresh(`${service}-${name}`);
      }
    };
    return this.until(
      watch,
      "in dev, and noticed for the others",
      async ({ environments }) => {
        await lookAnew(environments);
        const { dev, ...others } = environments;
        return (
          dev?.healthy !== undefined && Object.values(others).every(({ noticed }) => noticed !== undefined)
        );
      },
      within,
    );
  }

  /** `argocd app get "$app" --refresh` */
  async refresh(application: string): Promise<void> {
    const shell = new Shell({ ...this.operator, print() {} });
    await shell.read(["argocd", "app", "get", application, "--refresh"], this.operator.stackFolder);
  }

  async application(name: string): Promise<ApplicationView> {
    const { applications } = await this.sandbox.pipeline();
    const found = applications.find((each) => each.name === name);
    if (!found) throw new Error(`there is no Application ${name}`);
    return found;
  }

  /** Waits until an Application is as wanted: `{sync, health, tags}` in one line. */
  async settles(name: string, wanted: string, within = 60_000): Promise<void> {
    const probe = async () => {
      const seen = describeApplication(await this.application(name));
      return seen === wanted ? undefined : seen;
    };
    await waitFor(`${name} to be ${wanted}`, probe, { within, every: 100 });
  }

  /** Waits for this many further rounds of Image Updater, and expects an Application to look the same after each. */
  async stays(names: readonly string[], rounds: number): Promise<void> {
    const seen = async () =>
      Promise.all(names.map(async (name) => `${name}: ${describeApplication(await this.application(name))}`));
    const before = await seen();
    for (let round = 0; round < rounds; round++) {
      await (round === 0 ? this.updaterRound() : this.#updaterRounds(1));
      expect(await seen()).to.deep.equal(before);
    }
  }

  /** Resolves when Image Updater has ended another whole round, as its log says. */
  async updaterRound(): Promise<void> {
    // The one that is under way may have looked before; the one after it has not.
    await this.#updaterRounds(2);
  }

  async #updaterRounds(count: number): Promise<void> {
    const rounds = () => this.updaterLog().filter((line) => line.includes("Processing results")).length;
    const begun = rounds();
    await waitFor(
      `${count} rounds of Image Updater`,
      async () => (rounds() >= begun + count ? undefined : `${rounds() - begun}`),
      { within: 60_000 },
    );
  }

  updaterLog(): string[] {
    const file = join(this.sandbox.home.root, "argocd", "logs", `argocd-image-updater-${this.fleet}.log`);
    return readFileSync(file, "utf8").split("\n");
  }
}

/** `Synced Healthy v1.0.1`, with all tags that run. */
export function describeApplication({ sync, health, images }: ApplicationView): string {
  const tags = [...new Set(images.map((image) => image.slice(image.lastIndexOf(":") + 1)))].sort();
  return `${sync} ${health} ${tags.join("+")}`;
}

let shared: Promise<Pipeline> | undefined;

/**
 * The pipeline that all files of a run share, because an `up` from nothing takes more than a minute; started by the
 * first that asks.
 */
export function usePipeline(): () => Pipeline {
  let pipeline: Pipeline | undefined;
  before(async function () {
    this.timeout(900_000);
    if (shared === undefined) endWithTheRun(this.test!);
    shared ??= Pipeline.start();
    pipeline = await shared;
  });
  return () => {
    if (!pipeline) throw new Error("the pipeline did not start");
    return pipeline;
  };
}

/** A hook of the root suite ends it, after whichever files take part in the run. */
function endWithTheRun({ parent }: Pick<Mocha.Runnable, "parent">): void {
  let suite = parent!;
  while (suite.parent) suite = suite.parent;
  suite.afterAll("the shared pipeline stops", async function () {
    this.timeout(120_000);
    await stopSharedPipeline();
  });
}

export async function stopSharedPipeline(): Promise<void> {
  const running = await shared?.catch(() => undefined);
  shared = undefined;
  await running?.stop();
}
