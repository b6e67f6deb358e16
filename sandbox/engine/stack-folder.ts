import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { SandboxInfo } from "../world/info";

/** What a Pulumi project consists of here. The sandbox runs these very files, through links. */
const linked = [
  "index.ts",
  "components",
  "stacks",
  "provider",
  "node_modules",
  "package.json",
  "tsconfig.json",
  "Pulumi.yaml",
  "Pulumi.README.md",
];

/** The shape of `Pulumi.<stack>.yaml`. */
export interface StackFile {
  config: Record<string, unknown>;
  encryptionsalt?: string;
}

/**
 * Lays out the folder in which the engine runs a stack: links to the project and a copy of the stack's file
 * with the keys that point the providers at the sandbox. The project's own stack file is never written to.
 * Secrets and the salt that an earlier run put into the copy are kept.
 *
 * @param edit changes the copy's config; tests use it for other worlds than the committed one.
 */
export function layOutStackFolder(
  project: string,
  folder: string,
  stack: string,
  info: SandboxInfo,
  edit: (config: Record<string, unknown>) => void = () => {},
): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of linked) link(join(project, name), join(folder, name));
  const target = join(folder, `Pulumi.${stack}.yaml`);
  const source = parse(readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8")) as StackFile;
  const before = existsSync(target) ? (parse(readFileSync(target, "utf8")) as StackFile) : undefined;
  const config = { ...source.config, ...secretsOf(before), ...sandboxKeys(info) };
  edit(config);
  const copy: StackFile = { ...source, config };
  if (before?.encryptionsalt) copy.encryptionsalt = before.encryptionsalt;
  writeFileSync(target, stringify(copy), { mode: 0o600 });
}

/** The provider settings that a user would set for a proxy or a private endpoint; nothing else differs. */
function sandboxKeys(info: SandboxInfo): Record<string, unknown> {
  const { http, https } = info.alibaba;
  return {
    "alicloud:accountType": "Domestic",
    "alicloud:skipRegionValidation": true,
    "alicloud:protocol": "HTTP",
    "alicloud:endpoints": [{ cr: http, bssopenapi: http, location: http, sts: http, kms: http, cs: https }],
    "github:baseUrl": `${info.github.url}/`,
  };
}

function secretsOf(file: StackFile | undefined): Record<string, unknown> {
  const entries = Object.entries(file?.config ?? {});
  return Object.fromEntries(
    entries.filter(([, value]) => typeof value === "object" && value && "secure" in value),
  );
}

function link(target: string, path: string): void {
  if (!existsSync(target)) return;
  if (lstatSync(path, { throwIfNoEntry: false })) unlinkSync(path);
  symlinkSync(target, path);
}
