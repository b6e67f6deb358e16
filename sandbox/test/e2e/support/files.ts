import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Every regular file below a folder; links and the named folders are left out. */
export function filesBelow(folder: string, except: string[] = []): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (except.includes(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(path, except);
    return entry.isFile() && statSync(path).size < 50_000_000 ? [path] : [];
  });
}

/** The files that contain one of the values, as `file: which`. The values are also looked for in base64. */
export function filesContaining(files: string[], values: Record<string, string>): string[] {
  const needles = Object.entries(values).flatMap(([name, value]) => [
    { name, bytes: Buffer.from(value) },
    { name: `${name} in base64`, bytes: Buffer.from(Buffer.from(value).toString("base64")) },
  ]);
  return files.flatMap((file) => {
    const content = readFileSync(file);
    return needles.filter(({ bytes }) => content.includes(bytes)).map(({ name }) => `${file}: ${name}`);
  });
}
