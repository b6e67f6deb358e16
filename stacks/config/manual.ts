/**
 * Writes docs/configuration.md from the schemas: `npx tsx stacks/config/manual.ts`. A test fails when the file is not
 * what this would write.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type * as z from "zod/mini";
import { type About, aboutOf } from "./fields";
import { groups, scalars } from "./schema";
import { secretDocs, secretNames } from "./secrets";

type Schema = z.core.$ZodType;

/** What the manual needs of zod's own description of a schema. */
interface Definition {
  type: string;
  shape?: Record<string, Schema>;
  innerType?: Schema;
  defaultValue?: unknown;
  element?: Schema;
  valueType?: Schema;
  entries?: Record<string, string>;
  values?: unknown[];
}

interface Row {
  key: string;
  type: string;
  default: string;
  about: About;
}

const definitionOf = (schema: Schema) => schema._zod.def as unknown as Definition;

/** A schema without `optional` and `default` around it, and what these say. */
function unwrapped(schema: Schema): { schema: Schema; fallback: string } {
  const { type, innerType, defaultValue } = definitionOf(schema);
  if (innerType === undefined) {
    return { schema, fallback: "required" };
  }
  const inner = unwrapped(innerType);
  return { schema: inner.schema, fallback: type === "default" ? code(defaultValue) : "none" };
}

function rowsOf(key: string, wrapped: Schema): Row[] {
  const { schema, fallback } = unwrapped(wrapped);
  const about = aboutOf(schema) ?? { doc: "" };
  const { type, shape, element, valueType } = definitionOf(schema);
  const row = { key, type: typeOf(schema), default: about.defaultDoc ?? fallback, about };
  if (about.variants !== undefined) {
    const parts = Object.entries(about.variants).flatMap(([name, variant]) =>
      variantRows(key, name, variant),
    );
    return [row, ...parts];
  }
  if (shape !== undefined) {
    return [row, ...Object.entries(shape).flatMap(([name, field]) => rowsOf(`${key}.${name}`, field))];
  }
  if (type === "array" && isGroup(element!)) {
    return [row, ...rowsOf(`${key}[]`, element!).slice(1)];
  }
  if (type === "record" && isGroup(valueType!)) {
    return [row, ...rowsOf(`${key}.<${about.placeholder}>`, valueType!)];
  }
  return [row];
}

/** The rows of one alternative; the key that chooses it says so. */
function variantRows(key: string, chosenBy: string, variant: Schema): Row[] {
  const [group, ...rows] = rowsOf(key, variant);
  const note = { key: `${key}, with ${code(chosenBy)}`, type: "", default: "", about: group!.about };
  return [note, ...rows.filter(({ type }) => type !== "one word")];
}

function isGroup(schema: Schema): boolean {
  return definitionOf(schema).shape !== undefined || aboutOf(schema)?.variants !== undefined;
}

function typeOf(schema: Schema): string {
  if (aboutOf(schema)?.variants !== undefined) {
    return "group";
  }
  const { type, element, entries, values } = definitionOf(schema);
  switch (type) {
    case "object":
      return "group";
    case "record":
      return "names";
    case "array":
      return `list of ${isGroup(element!) ? "groups" : typeOf(element!)}`;
    case "boolean":
      return "true, false";
    case "enum":
      return Object.values(entries ?? {})
        .map(code)
        .join(", ");
    case "literal":
      return values?.length === 1 ? "one word" : (values ?? []).map(code).join(", ");
    default:
      return "text";
  }
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function lineOf({ key, type, default: fallback, about }: Row): string {
  const { doc, use, example } = about;
  const limits = use === undefined || type !== "text" ? "" : ` ${use[0]!.toUpperCase()}${use.slice(1)}.`;
  const shown = typeof example === "string" && limits.includes(example);
  const sample = example === undefined || shown ? "" : ` Example: ${code(example)}.`;
  const name = key.includes(", with ") ? `*${key.replace(/^(.*), with/, "`$1`, with")}*` : code(key);
  return `| ${[name, type, fallback, `${prose(`${doc}${limits}`)}${sample}`].map(cell).join(" | ")} |`;
}

/** Words with characters that Markdown would read as something else become code. */
const prose = (text: string) =>
  text.replaceAll(/[^\s`]*[<>$*\\{}[\]_][^\s`]*?(?=[.,;]?(\s|$))/g, (word) => code(word));

const cell = (text: string) => text.replaceAll("|", "\\|");

const head = ["| key | type | default | meaning |", "|---|---|---|---|"];

/** The whole manual. */
export function manual(stackFile: string): string {
  const services = parse(stackFile).config["ackone-delivery:services"] as Record<string, unknown>;
  const sections = Object.entries(groups).flatMap(([name, schema]) => [
    `## \`${name}\``,
    "",
    prose(aboutOf(schema)!.doc),
    "",
    ...head,
    ...rowsOf(name, schema)
      .slice(1)
      .map((row) => lineOf({ ...row, key: row.key.slice(name.length + 1) })),
    "",
  ]);
  return [
    introduction,
    ...head,
    ...Object.entries(scalars).flatMap(([name, schema]) => rowsOf(name, schema).map(lineOf)),
    "| `alicloud:region` | text | required | Region of the registry and the Fleet, like `cn-hangzhou`. |",
    "| `github:owner` | text | required | Organisation or user that gets the forks. |",
    "",
    ...sections,
    secretsSection,
    ...secretNames.map((name) => `| \`${name}\` | ${cell(secretDocs[name])} |`),
    "",
    providersSection,
    `${Object.keys(services).join(" and ")} in \`Pulumi.dev.yaml\` show both kinds of services.`,
    "",
  ].join("\n");
}

const introduction = `# Configuration

Everything that differs between stacks is in \`Pulumi.<stack>.yaml\`, under keys that start with \`ackone-delivery:\`.
The program checks all of it before it creates anything, and lists everything that is wrong in one message, each
mistake as \`<key>: <what was found>; <what to do>\`. Keys that it doesn't know are refused.

A word in angle brackets stands for a name that you choose, \`[]\` for each entry of a list. *with* \`x\` starts the keys
of an alternative, which \`x\` chooses. Tables leave out the group's own name: \`instance\` under \`registry\` is
\`registry.instance\`.

This file is written by \`npx tsx stacks/config/manual.ts\` from the schemas in \`stacks/config/\`.

## At the top
`;

const secretsSection = `## Secrets

Set with \`pulumi config set --secret <key>\`; one in plain text is refused, and so is one that nothing uses. Keys from a
file: \`pulumi config set --secret deploymentSshKey < deploy-key\`.

| key | meaning |
|---|---|`;

const providersSection = `## Providers

The alicloud and github providers read their own keys (\`alicloud:*\`, \`github:*\`) or environment variables, as their
documentation says. This project's own provider takes \`alicloud:region\`, \`accessKey\`, \`secretKey\`, \`securityToken\`,
\`protocol\` and the first entry of \`alicloud:endpoints\`; credentials that aren't there come from the default chain of
Alibaba Cloud's SDKs. Keys that would make the alicloud provider alone act as somebody else (\`assumeRole\`,
\`assumeRoleWithOidc\`, \`credentialsUri\`, \`ecsRoleName\`, \`profile\`, \`sharedCredentialsFile\`) are refused.
\`pulumi:disable-default-providers: [kubernetes]\` keeps Kubernetes objects away from the cluster of
somebody's current context.

## Adding a service

A service is an entry under \`services\`; its preview shows a fork, an image repository with its binding and build rule
for each image, and an Application for each environment:

\`\`\`yaml
  ackone-delivery:services:
    welcomer:
      images:
        welcomer: {source: {fork: acme-apps/welcomer}, kustomize: {image: welcomer}}
      deploy: {kustomize: "kustomize/welcomer/overlays/\${environment}"}
\`\`\`
`;

if (require.main === module) {
  const root = join(__dirname, "..", "..");
  const text = manual(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8"));
  writeFileSync(join(root, "docs", "configuration.md"), text);
}
