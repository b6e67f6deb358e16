import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { execa } from "execa";
import type { OperatorContext } from "./context";
import { type Command, commandLine, type Step } from "./step";

/** Milliseconds that a single command may take; `pulumi up` is the longest. */
const limit = 1_200_000;

/** Runs commands as a person at a terminal would: each is shown before it runs. */
export class Shell {
  #folder: string;

  /** @param folder where the person is at the beginning */
  constructor(
    private readonly context: OperatorContext,
    folder = context.workFolder,
  ) {
    this.#folder = folder;
  }

  /** Shows and runs the steps in order. @throws Error with the output of the first that fails. */
  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      this.#enter(step.in);
      if ("edit" in step) this.#edit(step);
      else await this.#try(step, step.retryAfter ? 3 : 1);
    }
  }

  /** Runs a command that only looks, and returns what it printed; it is not shown. @throws Error */
  async read(run: string[], folder = this.context.workFolder): Promise<string> {
    return this.#execute({ run, in: folder });
  }

  async readJson<T>(run: string[], folder?: string): Promise<T> {
    return JSON.parse(await this.read(run, folder)) as T;
  }

  async #try(step: Command, tries: number): Promise<void> {
    this.context.print(`$ ${commandLine(step.run)}`);
    try {
      await this.#execute(step);
    } catch (error) {
      if (tries === 1) throw error;
      this.context.print(`# ${lastLine(error)}`);
      await this.#try({ run: step.retryAfter!, in: step.in }, 1);
      await this.#try(step, tries - 1);
    }
  }

  #enter(folder: string): void {
    if (folder === this.#folder) return;
    const way = relative(this.#folder, folder);
    // A way over more than two folders up is harder to read than the place itself.
    this.context.print(`$ cd ${/^(\.\.\/){3}/.test(way) ? folder : way}`);
    this.#folder = folder;
  }

  #edit({ edit, in: folder, says, change }: Extract<Step, { edit: string }>): void {
    const file = join(folder, edit);
    this.context.print(`# ${edit}: ${says}`);
    writeFileSync(file, change(existsSync(file) ? readFileSync(file, "utf8") : ""));
  }

  async #execute({ run: [command, ...args], in: folder }: Command): Promise<string> {
    const result = await execa(command!, args, {
      cwd: folder,
      env: this.context.environment,
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      timeout: limit,
      all: true,
    });
    if (result.exitCode === 0) return result.stdout;
    const said = result.all || result.shortMessage || "nothing";
    throw new Error(this.#masked(`${commandLine([command!, ...args])} failed:\n${said}`));
  }

  #masked(text: string): string {
    return this.context.secrets.reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
  }
}

const lastLine = (error: unknown) => (error as Error).message.trimEnd().split("\n").at(-1);
