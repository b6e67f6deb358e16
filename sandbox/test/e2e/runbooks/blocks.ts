import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../../world/home";

const folder = join(projectFolder, "docs", "runbooks");

/** A block of commands in a runbook. */
export interface Block {
  /** `release.md` */
  document: string;
  /** Heading that it stands under, with its number there when it isn't the first: `1. Tag`, `1. Tag #2`. */
  name: string;
  /** What a person would paste. */
  text: string;
}

export const runbooks = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".md"));

/** Every block marked `sh` of a runbook, in its order. */
export function blocksOf(document: string): Block[] {
  return extractBlocks(document, readFileSync(join(folder, document), "utf8"));
}

/** What a reader of a page pastes from one place, once more. @throws Error when there is no such block */
export function textOf(document: string, wanted: string): string {
  const block = blocksOf(document).find(({ name }) => name === wanted);
  if (!block) throw new Error(`${document} has no block "${wanted}"`);
  return block.text;
}

export function extractBlocks(document: string, markdown: string): Block[] {
  const counts = new Map<string, number>();
  let heading = "";
  const found: Block[] = [];
  for (const match of markdown.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$|^#+ (.+)$/gm)) {
    const [, indent = "", language, text = "", title] = match;
    if (title !== undefined) heading = title.replaceAll("`", "");
    if (language !== "sh") continue;
    const count = (counts.get(heading) ?? 0) + 1;
    counts.set(heading, count);
    const name = count === 1 ? heading : `${heading} #${count}`;
    found.push({ document, name, text: text.replaceAll(new RegExp(`^${indent}`, "gm"), "") });
  }
  return found;
}

/**
 * A block as its reader edits it: the values of some variables are other ones.
 * @throws Error when the block doesn't set a variable
 */
export function edited({ document, name, text }: Block, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((changed, [variable, value]) => {
    const line = new RegExp(`^${variable}=\\S*`, "m");
    if (!line.test(changed)) throw new Error(`${document}, "${name}" doesn't set ${variable}`);
    return changed.replace(line, () => `${variable}=${value}`);
  }, text);
}
