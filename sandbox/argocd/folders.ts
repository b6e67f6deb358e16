import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Component } from "./ports";

/** Programs that run as Argo CD's components or are started by them. */
export interface Programs {
  /** The one binary; the name that it is started under says what it is. */
  argocd: string;
  miniredis: string;
  kustomize: string;
  helm: string;
}

/** The names that Argo CD's binary is started under. */
const faces = [
  "argocd",
  "argocd-server",
  "argocd-repo-server",
  "argocd-application-controller",
  "argocd-applicationset-controller",
  "argocd-git-ask-pass",
  "argocd-k8s-auth",
];

/** Lays out `bin/` with Argo CD's binary under all its names, and the tools that repo-server starts. */
export function layOutPrograms(home: string, programs: Programs): string {
  const folder = join(home, "bin");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const links = [
    ...faces.map((name) => [name, programs.argocd]),
    ["kustomize", programs.kustomize],
    ["helm", programs.helm],
  ] as const;
  for (const [name = "", target = ""] of links) {
    rmSync(join(folder, name), { force: true });
    symlinkSync(target, join(folder, name));
  }
  return folder;
}

/** The folder of one component, which ends with its pod: HOME and TMPDIR are in it. */
export function componentFolder(fleetHome: string, component: Component): { home: string; tmp: string } {
  const home = join(fleetHome, component);
  const tmp = join(home, "tmp");
  mkdirSync(tmp, { recursive: true, mode: 0o700 });
  return { home, tmp };
}

/** repo-server takes all rights off its clones while it doesn't read them: they have to be given back first. */
export function wipe(folder: string): void {
  if (!existsSync(folder)) return;
  unlock(folder);
  rmSync(folder, { recursive: true, force: true });
}

function unlock(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (lstatSync(path).isDirectory()) unlock(path);
  }
}

/** The longest path of a socket that Linux (108 bytes) and macOS (104) take, with its final zero. */
const longestSocket = 103;

/**
 * A folder for sockets: the given one, or a private one among the system's temporary files where that is too deep.
 * @returns `remove` takes away what had to be made outside
 */
export function socketFolder(folder: string, longestName: number): { path: string; remove(): void } {
  if (Buffer.byteLength(folder) + 1 + longestName <= longestSocket) return { path: folder, remove: () => {} };
  const path = mkdtempSync(join(tmpdir(), "argocd-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
