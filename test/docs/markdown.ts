/** The project's documents, as the tests of this folder read them. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const root = join(__dirname, "..", "..");

/** Every Markdown file that is part of the project, but the sample repositories: they are other people's content. */
export function documents(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const skip = entry.name.startsWith(".") || ["node_modules", "samples"].includes(entry.name);
      return skip ? [] : documents(path);
    }
    return entry.name.endsWith(".md") ? [relative(root, path)] : [];
  });
}

export function textOf(document: string): string {
  return readFileSync(join(root, document), "utf8");
}

/** The code blocks of a language. */
export function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```/gm)].flatMap(([, , found, block]) =>
    found === language ? [block!] : [],
  );
}

/** The text without its code blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(/^( *)```\w*\n[\s\S]*?^\1```/gm, "");
}

/** The anchors that GitHub gives to a document's headings. */
export function anchorsOf(text: string): string[] {
  return [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-"),
  );
}
