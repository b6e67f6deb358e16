import type { Addon } from "../../emulators/alibaba/ports";
import type { Objects } from "../api/objects";
import { installKruise, type KruiseFiles, uninstallKruise } from "./kruise";

/** What an add-on puts on a cluster. One that isn't here has nothing there: others look at its configuration. */
interface Installation {
  install(objects: Objects): Promise<void>;
  uninstall(objects: Objects): Promise<void>;
}

/** Puts add-ons on clusters and takes them away. Both can be repeated. */
export class Addons {
  readonly #known: ReadonlyMap<string, Installation>;

  constructor(kruise: KruiseFiles | undefined) {
    const missing = async () => {
      throw new Error("this sandbox was started without Kruise Rollout and kustomize");
    };
    this.#known = new Map([
      [
        "ack-kruise",
        kruise
          ? {
              install: (objects) => installKruise(objects, kruise),
              uninstall: (objects) => uninstallKruise(objects, kruise),
            }
          : { install: missing, uninstall: missing },
      ],
    ]);
  }

  async install(objects: Objects, { name }: Addon): Promise<void> {
    await this.#known.get(name)?.install(objects);
  }

  async uninstall(objects: Objects, name: string): Promise<void> {
    await this.#known.get(name)?.uninstall(objects);
  }
}
