import { execFileSync } from "node:child_process";

/** A line of the process table. */
export interface Listed {
  pid: number;
  parent: number;
  /** As `ps` shows it: state, age, what it waits for in the kernel, command line. */
  line: string;
}

/** All processes of this machine, as they are now. */
export function processTable(): Listed[] {
  const columns = "pid=,ppid=,state=,etime=,wchan=,args=";
  const list = execFileSync("ps", ["-A", "-ww", "-o", columns], {
    encoding: "utf8",
    maxBuffer: 16 * 1024 * 1024,
  });
  return list
    .trim()
    .split("\n")
    .map((row) => {
      const [, pid = "", parent = "", line = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
      return { pid: Number(pid), parent: Number(parent), line };
    });
}

/** Everything below a process, parents before their children. */
export function descendants(root: number, table = processTable()): Listed[] {
  return table
    .filter(({ parent }) => parent === root)
    .flatMap((child) => [child, ...descendants(child.pid, table)]);
}

/** Ends a process and everything below it. The root is stopped first, so that it starts nothing meanwhile. */
export function killTree(root: number): void {
  signal(root, "SIGSTOP");
  for (const pid of [root, ...descendants(root).map((child) => child.pid)]) signal(pid, "SIGKILL");
}

/** Sends a signal; a process that is gone is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
