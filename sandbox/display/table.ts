import Table from "cli-table3";

/** A table for people: bold headings, no colour when the output is not a terminal. */
export function table(head: string[], rows: string[][], colour = process.stdout.isTTY): string {
  const out = new Table({
    head,
    style: colour
      ? { head: ["bold"], border: ["grey"], compact: true }
      : { head: [], border: [], compact: true },
  });
  out.push(...rows);
  return out.toString();
}

/** `75 s` or `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
