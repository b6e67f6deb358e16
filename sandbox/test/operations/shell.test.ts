import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { OperatorContext } from "../../operations/context";
import { Shell } from "../../operations/shell";
import { commandLine, shellWord } from "../../operations/step";

describe("An operator's shell", () => {
  let folder: string;
  let lines: string[];
  let shell: Shell;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ackone-shell-"));
    mkdirSync(join(folder, "clone"));
    lines = [];
    const context: Partial<OperatorContext> = {
      environment: { PATH: process.env["PATH"]!, SECRET: "s3cret-value" },
      workFolder: folder,
      secrets: ["s3cret-value"],
      print: (line) => lines.push(line),
    };
    shell = new Shell(context as OperatorContext);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("shows what it runs, and where it goes", async () => {
    writeFileSync(join(folder, "clone", "a.txt"), "one");
    await shell.run([
      { run: ["touch", "b c.txt"], in: folder },
      { edit: "a.txt", in: join(folder, "clone"), says: "one becomes two", change: () => "two" },
      { edit: "new.txt", in: join(folder, "clone"), says: "is new", change: (text) => `${text}!` },
      { run: ["rm", "b c.txt"], in: folder },
    ]);
    expect(lines).to.deep.equal([
      "$ touch 'b c.txt'",
      "$ cd clone",
      "# a.txt: one becomes two",
      "# new.txt: is new",
      "$ cd ..",
      "$ rm 'b c.txt'",
    ]);
    expect(readFileSync(join(folder, "clone", "a.txt"), "utf8")).to.equal("two");
    expect(readFileSync(join(folder, "clone", "new.txt"), "utf8")).to.equal("!");
  });

  it("stops at the first command that fails, and shows what that said, without secrets", async () => {
    const fail = { run: ["sh", "-c", "echo token $SECRET is wrong >&2; exit 3"], in: folder };
    const error = await shell
      .run([fail, { run: ["touch", "after"], in: folder }])
      .catch((thrown: Error) => thrown);
    expect((error as Error).message).to.match(/^sh -c '.*' failed:\ntoken \*\*\* is wrong$/);
    expect(lines).to.have.length(1);
  });

  it("tries a command again after what may help, three times in all", async () => {
    const push = { run: ["test", "-e", "pulled"], in: folder, retryAfter: ["touch", "pulled"] };
    await shell.run([push]);
    expect(lines.filter((line) => line.startsWith("$"))).to.deep.equal([
      "$ test -e pulled",
      "$ touch pulled",
      "$ test -e pulled",
    ]);
    const hopeless = { ...push, run: ["false"] };
    expect(await shell.run([hopeless]).catch(({ message }: Error) => message)).to.match(/^false failed/);
    expect(lines.filter((line) => line === "$ false")).to.have.length(3);
  });

  it("looks without showing it, in its own environment alone", async () => {
    process.env["ACKONE_STRANGER"] = "1";
    expect(await shell.read(["sh", "-c", "echo ${ACKONE_STRANGER:-none} $PWD"])).to.equal(`none ${folder}`);
    delete process.env["ACKONE_STRANGER"];
    expect(await shell.readJson<number[]>(["echo", "[1, 2]"])).to.deep.equal([1, 2]);
    expect(lines).to.deep.equal([]);
  });

  it("quotes words as a POSIX shell takes them", () => {
    expect(["a-b.c/d:e", "", "it's", "a b", "$x", "[0]"].map(shellWord)).to.deep.equal([
      ...["a-b.c/d:e", "''", `'it'\\''s'`, "'a b'", "'$x'", "'[0]'"],
    ]);
    expect(commandLine(["echo", "{}"])).to.equal("echo '{}'");
  });
});
