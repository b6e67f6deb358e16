import { type Engine, type Member, type RolloutObject, resourceOf } from "./canary";
import type { OperatorContext } from "./context";
import type { Application, Pod } from "./observe";
import { Shell } from "./shell";

/** Reads from Argo CD and member clusters; the same question is asked once. */
export class Reads {
  readonly #shell: Shell;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(context: OperatorContext) {
    this.#shell = new Shell(context);
  }

  applications(): Promise<Application[]> {
    return this.#read(["argocd", "app", "list", "--output", "json"]);
  }

  /** @param refresh whether Argo CD asks Git anew before it answers */
  application(name: string, refresh = false): Promise<Application> {
    return this.#read(["argocd", "app", "get", name, "--output", "json", ...(refresh ? ["--refresh"] : [])]);
  }

  async pods(member: Member): Promise<Pod[]> {
    return (await this.#get<{ items: Pod[] }>(member, "pods")).items;
  }

  /** None where the controller's custom resource definitions aren't installed. */
  async rollouts(member: Member, engine: Engine): Promise<RolloutObject[]> {
    try {
      return (await this.#get<{ items: RolloutObject[] }>(member, resourceOf(engine))).items;
    } catch (error) {
      if (/doesn't have a resource type/.test((error as Error).message)) return [];
      throw error;
    }
  }

  #get<T>({ cluster, namespace }: Member, resource: string): Promise<T> {
    return this.#read([
      "kubectl",
      "--context",
      cluster,
      "--namespace",
      namespace,
      "--output",
      "json",
      "get",
      resource,
    ]);
  }

  #read<T>(command: string[]): Promise<T> {
    const key = command.join(" ");
    const known = this.#known.get(key) ?? this.#shell.readJson<T>(command);
    this.#known.set(key, known);
    return known as Promise<T>;
  }
}
