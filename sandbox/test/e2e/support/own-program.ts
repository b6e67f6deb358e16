import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Engine, openEngine } from "../../../engine/engine";
import type { Sandbox } from "../../../sandbox";
import { projectFolder } from "../../../world/home";

/** Inputs of one resource of the own plugin. */
export interface OwnResource {
  /** Name of its class in `provider/index.ts`. */
  kind: "SourceBinding" | "BuildRule" | "InstanceEndpoint" | "FleetFeatures" | "Kubeconfig" | "Permission";
  inputs: Record<string, unknown>;
  /** Names of resources that come before it. */
  after?: string[];
}

const project = `name: own-resources
runtime: nodejs
plugins:
  providers:
    - name: ackone
      path: ./provider
`;

/** Creates what `resources.json` in the stack's folder lists. */
const program = `
import { readFileSync } from "node:fs";
import * as ackone from "./provider";
import { ackoneProvider } from "./stacks/providers";

const provider = ackoneProvider();
const made: any = {};
for (const [name, { kind, inputs, after = [] }] of Object.entries<any>(JSON.parse(readFileSync("resources.json", "utf8")))) {
  const dependsOn = after.map((each: string) => made[each]);
  made[name] = new (ackone as any)[kind](name, inputs, { provider, dependsOn });
}
`;

/** A program of nothing but own resources, which uses this project's plugin as other programs do. */
export async function openOwnProgram({ info, home }: Sandbox): Promise<Engine> {
  const folder = join(home.root, "own-resources");
  mkdirSync(folder);
  for (const name of ["provider", "stacks", "components", "node_modules", "package.json", "tsconfig.json"]) {
    symlinkSync(join(projectFolder, name), join(folder, name));
  }
  writeFileSync(join(folder, "Pulumi.yaml"), project);
  writeFileSync(join(folder, "index.ts"), program);
  writeFileSync(join(folder, "Pulumi.test.yaml"), "config:\n  alicloud:region: cn-hangzhou\n");
  const secrets = ["registryUser", "registryPassword", "deploymentToken", "webhookSecret"];
  return openEngine(info, "test", {
    project: folder,
    secrets: Object.fromEntries(secrets.map((name) => [`ackone-delivery:${name}`, undefined])),
  });
}

/** What the next run of the program is to have. */
export function want(engine: Engine, resources: Record<string, OwnResource>): void {
  writeFileSync(join(engine.folder, "resources.json"), JSON.stringify(resources));
}
