/** A Dockerfile that `docker build` would refuse; the message is what it would say. */
export class DockerfileError extends Error {
  constructor(message: string, line?: number) {
    super(line === undefined ? message : `dockerfile parse error on line ${line}: ${message}`);
  }
}

export interface Heredoc {
  name: string;
  content: string;
  /** Whether variables in it are replaced: its name was not quoted. */
  expand: boolean;
}

/** One instruction of a Dockerfile, lines joined. */
export interface Instruction {
  keyword: string;
  /** `--from=build` as `from: "build"`; a flag without a value has "true". */
  flags: Record<string, string>;
  /** Everything after the flags. */
  text: string;
  /** The words in brackets, for the JSON form; undefined for the shell form. */
  words?: string[];
  heredocs: Heredoc[];
  /** Where it begins, from 1. */
  line: number;
  /** As written, in one line: what logs and the image's history show. */
  original: string;
}

/** Flags that each instruction takes; an instruction that isn't here is unknown ("Dockerfile reference"). */
const flagsOf: Record<string, readonly string[]> = {
  ADD: ["chown", "chmod", "link", "keep-git-dir", "checksum", "exclude"],
  ARG: [],
  CMD: [],
  COPY: ["from", "chown", "chmod", "link", "parents", "exclude"],
  ENTRYPOINT: [],
  ENV: [],
  EXPOSE: [],
  FROM: ["platform"],
  HEALTHCHECK: ["interval", "timeout", "start-period", "start-interval", "retries"],
  LABEL: [],
  MAINTAINER: [],
  ONBUILD: [],
  RUN: ["mount", "network", "security"],
  SHELL: [],
  STOPSIGNAL: [],
  USER: [],
  VOLUME: [],
  WORKDIR: [],
};
const jsonForm = new Set(["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"]);

/**
 * Reads a Dockerfile into its instructions.
 * @throws DockerfileError
 */
export function parseDockerfile(source: string): Instruction[] {
  const lines = source.replace(/^\uFEFF/, "").split(/\r?\n/);
  const continuation = escapeCharacter(lines);
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length; ) {
    const first = lines[at] ?? "";
    if (/^\s*(#|$)/.test(first)) {
      at++;
      continue;
    }
    const begin = at;
    let text = "";
    for (;;) {
      const line = lines[at++] ?? "";
      // Comments and empty lines between the lines of one instruction are not part of it.
      if (at - 1 > begin && /^\s*(#|$)/.test(line)) {
        if (at >= lines.length) break;
        continue;
      }
      const trimmed = line.trimEnd();
      if (!trimmed.endsWith(continuation)) {
        text += trimmed;
        break;
      }
      text += trimmed.slice(0, -1);
      if (at >= lines.length) break;
    }
    const { heredocs, next } = takeHeredocs(text, lines, at, begin + 1);
    at = next;
    found.push(toInstruction(text.trim(), heredocs, begin + 1));
  }
  if (found.length === 0) throw new DockerfileError("the Dockerfile cannot be empty");
  return found;
}

function toInstruction(original: string, heredocs: Heredoc[], line: number): Instruction {
  const [, word = "", rest = ""] = /^(\S+)\s*([\s\S]*)$/.exec(original) ?? [];
  const keyword = word.toUpperCase();
  const known = Object.hasOwn(flagsOf, keyword) ? flagsOf[keyword] : undefined;
  if (!known) throw new DockerfileError(`unknown instruction: ${word}`, line);
  const { flags, text } = takeFlags(rest, known, line);
  if (text === "" && keyword !== "CMD" && keyword !== "ENTRYPOINT") {
    throw new DockerfileError(`${keyword} requires at least one argument`, line);
  }
  const words = jsonForm.has(keyword) ? jsonWords(text) : undefined;
  return { keyword, flags, text, ...(words && { words }), heredocs, line, original };
}

function takeFlags(rest: string, known: readonly string[], line: number) {
  const flags: Record<string, string> = {};
  let text = rest;
  for (;;) {
    const [whole, name, value] = /^--([a-z-]+)(?:=(\S*))?(?:\s+|$)/.exec(text) ?? [];
    if (whole === undefined || name === undefined) return { flags, text };
    if (!known.includes(name)) throw new DockerfileError(`unknown flag: --${name}`, line);
    flags[name] = value ?? "true";
    text = text.slice(whole.length);
  }
}

function jsonWords(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined;
  } catch {
    return undefined; // docker takes it for the shell form
  }
}

/** `# escape=` and other directives stand before everything else. */
function escapeCharacter(lines: string[]): string {
  for (const line of lines) {
    const [, name, value] = /^\s*#\s*([a-z]+)\s*=\s*(\S+)\s*$/i.exec(line) ?? [];
    if (name === undefined) break;
    if (name.toLowerCase() === "escape" && (value === "`" || value === "\\")) return value;
  }
  return "\\";
}

function takeHeredocs(text: string, lines: string[], from: number, line: number) {
  const heredocs: Heredoc[] = [];
  let next = from;
  if (!/^\s*(RUN|COPY|ADD)\s/i.test(text)) return { heredocs, next };
  for (const [, dash, quote, name] of text.matchAll(/<<(-?)(["']?)([A-Za-z_]\w*)\2/g)) {
    const content: string[] = [];
    for (;;) {
      const raw = lines[next];
      if (raw === undefined) throw new DockerfileError(`unterminated heredoc ${name}`, line);
      next++;
      const bare = dash ? raw.replace(/^\t+/, "") : raw;
      if (bare === name) break;
      content.push(bare);
    }
    const joined = content.length > 0 ? `${content.join("\n")}\n` : "";
    heredocs.push({ name: name ?? "", content: joined, expand: quote === "" });
  }
  return { heredocs, next };
}
