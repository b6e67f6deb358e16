/** Wrong configurations: the dev stack's file with one thing changed, and the sentences that it is refused with. */
import { expect } from "chai";
import { VisibleError } from "../../../components/error";
import { readConfig } from "../../../stacks/config/read";
import { type Config, project, secretKeys, sourceOf, stackConfigOf } from "../stack-file";

export type Change = (config: Config) => void;

/** A description, the change, and the sentences; without the project's name when they start with it. */
export type Mistake = [title: string, change: Change, ...sentences: string[]];

/**
 * Sets one value, or removes it when the value is undefined.
 *
 * @param path `registry.instance.name`, or a key of another package with its colon: `alicloud:region`.
 */
export function set(path: string, value: unknown): Change {
  return (config) => {
    const [first, ...rest] = path.includes(":") ? [path] : path.split(".");
    const keys = [first!.includes(":") ? first! : `${project}:${first}`, ...rest];
    const last = keys.pop()!;
    let parent: Config = config;
    for (const key of keys) {
      parent = parent[key] as Config;
    }
    if (value === undefined) {
      delete parent[last];
    } else {
      parent[last] = value;
    }
  };
}

/** Adds a service like greeter with an overlay of its own, changed. */
export function addService(name: string, change: Change): Change {
  return (config) => {
    const services = config[`${project}:services`] as Config;
    const service = structuredClone(services.greeter) as Config;
    service.deploy = { kustomize: `kustomize/${name}/overlays/\${environment}` };
    change(service);
    services[name] = service;
  };
}

export function both(...changes: Change[]): Change {
  return (config) => {
    for (const change of changes) {
      change(config);
    }
  };
}

/** What the configuration is refused with, line by line without the first; empty when it is accepted. */
export function complaintsAbout(change: Change, secrets = secretKeys): string[] {
  const config = structuredClone(stackConfigOf("dev"));
  change(config);
  try {
    readConfig(sourceOf(config, secrets));
    return [];
  } catch (error) {
    expect(error).to.be.instanceOf(VisibleError);
    return (error as Error).message.split("\n").slice(1);
  }
}

export function describeMistakes(what: string, mistakes: Mistake[]): void {
  describe(`stacks/config: wrong ${what}`, () => {
    for (const [title, change, ...sentences] of mistakes) {
      it(`refuses ${title}`, () => {
        const expected = sentences.map((sentence) =>
          /^(alicloud|github):/.test(sentence) ? `  ${sentence}` : `  ${project}:${sentence}`,
        );
        expect(complaintsAbout(change)).to.deep.equal(expected);
      });
    }
  });
}
