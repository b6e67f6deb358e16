import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";

/** A holder touches its lock this often, and is taken for gone when it hasn't for so long. */
const heartbeat = 2_000;
const patience = 120_000;
const lookAgain = 200;

interface Holder {
  pid: number;
  host: string;
  token: string;
}

/**
 * Runs one thing at a time across all processes of this machine that use the same lock file. A lock whose
 * holder was killed is taken over at once. Not reentrant.
 * @param onWait called once, with the process id of the holder, if the lock isn't free
 */
export async function withLock<T>(
  file: string,
  run: () => Promise<T>,
  options: { signal: AbortSignal; onWait?: (holder: number) => void },
): Promise<T> {
  const own: Holder = { pid: process.pid, host: hostname(), token: randomUUID() };
  let waiting = false;
  while (!(await take(file, own))) {
    const holder = await read(file);
    if (holder && (await isGone(file, holder))) {
      await breakLock(file, holder);
      continue;
    }
    if (holder && !waiting) {
      waiting = true;
      options.onWait?.(holder.pid);
    }
    await wait(lookAgain, undefined, { signal: options.signal });
  }
  const beat = setInterval(() => void touch(file), heartbeat).unref();
  try {
    return await run();
  } finally {
    clearInterval(beat);
    if ((await read(file))?.token === own.token) await rm(file, { force: true });
  }
}

async function take(file: string, own: Holder): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(own), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined if the lock is free, or its holder has created but not yet written it. */
async function read(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Holder;
  } catch {
    const age = await ageOf(file);
    return age !== undefined && age > patience ? { pid: 0, host: "", token: "" } : undefined;
  }
}

async function isGone(file: string, holder: Holder): Promise<boolean> {
  if (holder.host === hostname() && !isAlive(holder.pid)) return true;
  const age = await ageOf(file);
  return age !== undefined && age > patience;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Moves the lock away first: of two processes that find the same dead holder, one succeeds. */
async function breakLock(file: string, dead: Holder): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await read(aside);
  // Between our look and our move another process may have broken and taken the lock: give it back.
  if (moved && moved.token !== dead.token)
    await writeFile(file, JSON.stringify(moved), { flag: "wx" }).catch(() => {});
  await rm(aside, { force: true });
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => {});
}

async function ageOf(file: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(file)).mtimeMs;
  } catch {
    return undefined;
  }
}
