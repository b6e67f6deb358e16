import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** Milliseconds for one block; the longest waits of the runbooks take ten minutes on a real cloud. */
const limit = 300_000;

/**
 * A person who pastes blocks into one shell: variables and the folder stay from block to block. As at a prompt, a block
 * goes on when one of its commands fails; whoever sees that stops after the block.
 */
export class Typist {
  readonly #environment: Readonly<Record<string, string>>;
  /** Where the shell is: a new folder inside of the stack's, so that `pulumi` finds the stack and clones are apart. */
  readonly folder: string;

  constructor(stackFolder: string, environment: Readonly<Record<string, string>>) {
    this.folder = mkdtempSync(join(stackFolder, "typed-"));
    this.#environment = {
      ...environment,
      TMPDIR: this.folder,
      PULUMI_SKIP_CONFIRMATIONS: "true", // "yes" to what `pulumi up` asks
    };
    writeFileSync(this.#file("variables"), "");
    writeFileSync(this.#file("folder"), this.folder);
  }

  /** @returns what was printed. @throws Error with it when a command of the block fails */
  async paste(block: string): Promise<string> {
    const script = `set -o pipefail -o allexport
. '${this.#file("variables")}'
cd "$(cat '${this.#file("folder")}')" || exit
failed=0
trap 'failed=1' ERR
${block}
last=$?
trap - ERR
[ "$failed$last" = 00 ] || exit 1
export -p | grep -v -E '^declare -[a-z]*r' > '${this.#file("variables")}'
pwd > '${this.#file("folder")}'
`;
    const { exitCode, all } = await execa("bash", ["--noprofile", "--norc", "-c", script], {
      cwd: this.folder,
      env: this.#environment,
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      all: true,
      timeout: limit,
    });
    if (exitCode !== 0) throw new Error(`${block}\nended with ${exitCode}:\n${all}`);
    return all;
  }

  /** A file that a block reads, as its reader would have laid it there. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text, { mode: 0o600 });
  }

  leave(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #file(name: string): string {
    return join(this.folder, `.${name}`);
  }
}
