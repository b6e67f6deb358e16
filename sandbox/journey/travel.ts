import type { ListrTask } from "listr2";
import { type OperatorContext, operations } from "../operations";
import { waitFor } from "../supervisor";
import { type Legs, type Release, ReleaseWatch } from "../world/release";
import type { Look } from "./first-release";

const patience = 180_000;

/** A release that is watched from the first push to the environments that wait for a person. */
export interface Travel {
  context: OperatorContext;
  look: Look;
  release: Release;
  /** Environments that deploy by themselves. */
  automatic: readonly string[];
}

/** One task for each leg of the way; they follow each other, and each ends when the release has come that far. */
export function travelTasks({ context, look, release, automatic }: Travel): ListrTask[] {
  const watch = new ReleaseWatch(release);
  let pushedAt = 0;
  const after = (time: number | undefined) => `${((time! - pushedAt) / 1000).toFixed(1)} s`;
  const until = async (what: string, reached: (legs: Legs) => boolean) => {
    const probe = async () => {
      const legs = watch.see(await look());
      if (legs.failed !== undefined) throw new Error(`the build failed: ${legs.failed}`);
      return reached(legs) ? undefined : "not there yet";
    };
    await waitFor(what, probe, { within: patience, every: 150 });
    return watch.legs;
  };
  const of = (environment: string) => watch.legs.environments[environment]!;
  const images = release.images.map((path) => `${path.split("/").at(-1)}:${release.tag}`).join(", ");
  const waiting = release.environments.filter((name) => !automatic.includes(name));
  return [
    {
      title: `Push the tag release-${release.tag}`,
      task: async (_, task) => {
        const print = (line: string) => {
          task.output = line;
        };
        await operations["release"]!.run({ ...context, print }, [release.service, release.tag]);
        pushedAt = (await until("the push", ({ pushed }) => pushed !== undefined)).pushed!;
        task.title = `Pushed release-${release.tag} to the source repositories`;
      },
    },
    {
      title: `Container Registry builds ${images}`,
      task: async (_, task) => {
        const { built } = await until("the build", (legs) => legs.built !== undefined);
        task.title = `Built ${images}, ${after(built)} after the push`;
      },
    },
    ...release.environments.map((environment) => ({
      title: `Image Updater writes the tag back for ${environment}`,
      task: async (_: unknown, task: { title: string }) => {
        await until("the write-back", () => of(environment).writtenBack !== undefined);
        task.title = `Written back for ${environment}, ${after(of(environment).writtenBack)} after the push`;
      },
    })),
    ...automatic.map((environment) => ({
      title: `Argo CD deploys to ${environment}`,
      task: async (_: unknown, task: { title: string }) => {
        await until(`the deployment to ${environment}`, () => of(environment).healthy !== undefined);
        task.title = `${environment} runs ${release.tag}, Healthy, ${after(of(environment).healthy)} after the push`;
      },
    })),
    ...waiting.map((environment) => ({
      title: `Argo CD sees it for ${environment}`,
      task: async (_: unknown, task: { title: string }) => {
        await until(`Argo CD to notice the commit for ${environment}`, () => {
          const { noticed, application } = of(environment);
          return noticed !== undefined && application?.sync === "OutOfSync";
        });
        task.title = `${environment} is OutOfSync: it waits for a person`;
      },
    })),
  ];
}
