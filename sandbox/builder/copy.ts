import { createHash } from "node:crypto";
import { posix } from "node:path";
import { type BuildContext, type Entry, select } from "./context";
import { DockerfileError, type Instruction } from "./dockerfile/instruction";
import { splitWords, substitute } from "./dockerfile/words";
import type { Stage } from "./stage";

/** Where COPY looks for its sources. */
export interface Sources {
  context: BuildContext;
  stages: readonly Stage[];
}

/**
 * The entries that COPY or ADD puts into an image.
 * @throws DockerfileError for a source that isn't there, as docker refuses it
 */
export function copied(instruction: Instruction, stage: Stage, sources: Sources): Entry[] {
  const { keyword, line, flags } = instruction;
  const variables = stage.variables();
  const words = (instruction.words ?? splitWords(instruction.text)).map((word) =>
    substitute(word, variables),
  );
  const target = words.at(-1) ?? "";
  const names = words.slice(0, -1).filter((name) => !/^<<-?/.test(name));
  if (words.length < 2) {
    throw new DockerfileError(
      `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`,
      line,
    );
  }
  const into = posix.join(stage.config.WorkingDir ?? "/", target);
  const absolute = target.startsWith("/") ? posix.normalize(target) : into;
  const known = [...stage.files.values()].some(
    ({ path, kind }) =>
      `/${path}`.startsWith(`${absolute}/`) || (kind === "folder" && `/${path}` === absolute),
  );
  const asFolder = /(?:^|\/)\.{0,2}$/.test(target) || known;
  if (names.length + instruction.heredocs.length > 1 && !asFolder) {
    throw new DockerfileError(
      `When using ${keyword} with more than one source file, the destination must be a directory and end with a /`,
      line,
    );
  }
  const own = ownership(flags);
  const place = (name: string) => (asFolder ? posix.join(absolute, name) : absolute).replace(/^\/+/, "");
  const texts = instruction.heredocs.map(({ name, content, expand }): Entry => {
    const text = Buffer.from(expand ? substitute(content, variables) : content);
    return { path: place(name), kind: "file", mode: 0o644, uid: 0, gid: 0, content: text, ...own };
  });
  const origin = flags["from"] === undefined ? undefined : substitute(flags["from"], variables);
  const rest = names.flatMap((name) => {
    const entries =
      origin === undefined ? fromContext(name, sources, keyword) : fromStage(name, origin, sources);
    return entries.flatMap(({ from, found }) =>
      found.map((entry): Entry => {
        const inside = entry.path === from ? undefined : entry.path.slice(from === "" ? 0 : from.length + 1);
        const path =
          inside === undefined
            ? place(posix.basename(from))
            : posix.join(absolute, inside).replace(/^\/+/, "");
        return { ...entry, path, ...own, ...(entry.kind === "folder" && { mode: entry.mode }) };
      }),
    );
  });
  return [...texts, ...rest];
}

interface Found {
  from: string;
  found: Entry[];
}

function fromContext(name: string, { context }: Sources, keyword: string): Found[] {
  if (keyword === "ADD" && /^(?:https?|git|ssh):\/\/|^git@/.test(name)) {
    return [made(posix.basename(name), `# Stands for ${name}\n`, 0o600)];
  }
  const found = select(context.all, name);
  if (found.length > 0) return found;
  throw new DockerfileError(
    `failed to compute cache key: failed to calculate checksum: ${JSON.stringify(posix.join("/", name))}: not found`,
  );
}

/** From an earlier stage, by name or number, or from another image, of which no file is known. */
function fromStage(name: string, origin: string, { stages }: Sources): Found[] {
  const stage = stages.find((each, index) => each.name === origin.toLowerCase() || String(index) === origin);
  if (!stage && !/[/:@]/.test(origin)) {
    throw new DockerfileError(
      `pull access denied for ${origin}, repository does not exist or may require 'docker login'`,
    );
  }
  if (!stage) return [made(posix.basename(name), `# Stands for ${name} of the image ${origin}\n`, 0o755)];
  const found = select(stage.files, name);
  if (found.length > 0) return found;
  if (!stage.opaque) {
    throw new DockerfileError(
      `failed to compute cache key: failed to calculate checksum: ${JSON.stringify(posix.join("/", name))}: not found`,
    );
  }
  return [made(posix.basename(name), standIn(name, stage), 0o755)];
}

/**
 * Stands for a file that commands made: they aren't run here. It is different for different sources, commands and
 * arguments, as what they make would be.
 */
function standIn(name: string, stage: Stage): string {
  const sum = createHash("sha256");
  for (const { path, content, target } of stage.files.values())
    sum.update(`${path}\0`).update(content ?? target ?? "");
  for (const command of stage.commands) sum.update(`${command}\0`);
  for (const [key, value] of stage.variables()) sum.update(`${key}=${value}\0`);
  return `#!/bin/sh\n# Stands for ${name}, which the sandbox doesn't compile. Its sources: sha256:${sum.digest("hex")}\n`;
}

function made(path: string, text: string, mode: number): Found {
  return { from: path, found: [{ path, kind: "file", mode, uid: 0, gid: 0, content: Buffer.from(text) }] };
}

/** Numbers only: names of users would have to be looked up in a file that isn't known. */
function ownership({ chown = "", chmod = "" }: Record<string, string>): Partial<Entry> {
  const [uid = "", gid = uid] = chown.split(":");
  return {
    ...(/^\d+$/.test(uid) && { uid: Number(uid) }),
    ...(/^\d+$/.test(gid) && { gid: Number(gid) }),
    ...(/^[0-7]{3,4}$/.test(chmod) && { mode: Number.parseInt(chmod, 8) }),
  };
}
