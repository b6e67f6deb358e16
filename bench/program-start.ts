/**
 * How long a preview waits for the program: from the start of node to the first resource that it registers, against an
 * empty program that imports the same three SDKs.
 *
 *     npx tsx bench/program-start.ts [runs]
 *
 * Programs take turns, so that a busy moment of the machine hits all of them; the first round fills the caches and isn't
 * counted. Ends with an error when this program takes more than 1.2 times as long as the empty one.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { secretKeys, stackConfigOf, texts } from "../test/stacks/stack-file";

const budget = 1.2;
const root = join(__dirname, "..");
const runs = Number(process.argv[2] ?? 15);

const programs: Record<string, string> = {
  "empty, three SDKs": join(__dirname, "program-start", "empty.ts"),
  "empty, only the modules used here": join(__dirname, "program-start", "empty-deep.ts"),
  "this program (dev)": join(root, "index.ts"),
};

/** Milliseconds of one start. */
function start(program: string): number {
  const child = join(__dirname, "program-start", "child.cjs");
  const config = JSON.stringify(texts(stackConfigOf("dev")));
  const output = execFileSync(process.execPath, [child, program, config, JSON.stringify(secretKeys)], {
    cwd: root,
    encoding: "utf8",
  });
  return Number(output.split(" ")[0]);
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)]!;
}

const times = new Map(Object.keys(programs).map((name) => [name, [] as number[]]));
for (let run = 0; run <= runs; run++) {
  for (const [name, program] of Object.entries(programs)) {
    const time = start(program);
    if (run > 0) {
      times.get(name)!.push(time);
    }
  }
}

const rows = [...times].map(([name, all]) => ({ name, fastest: Math.min(...all), median: median(all) }));
const base = rows[0]!;
console.log(`${"program".padEnd(36)}${"fastest".padStart(10)}${"median".padStart(10)}${"ratio".padStart(8)}`);
for (const row of rows) {
  const ratio = (row.median / base.median).toFixed(2);
  const cells = [row.fastest, row.median].map((time) => `${time.toFixed(0)} ms`.padStart(10)).join("");
  console.log(`${row.name.padEnd(36)}${cells}${ratio.padStart(8)}`);
}
const ratio = rows.at(-1)!.median / base.median;
if (ratio > budget) {
  console.error(
    `this program takes ${ratio.toFixed(2)} times as long as the empty one; the budget is ${budget}`,
  );
  process.exitCode = 1;
}
