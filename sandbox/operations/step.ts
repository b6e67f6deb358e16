/** What a person would type: steps are data, so that they can be printed, checked and run. */

/** A command. It is printed as it stands; secrets never belong into `run`. */
export interface Command {
  run: string[];
  /** Folder in which it runs. */
  in: string;
  /** A command after which a failure is worth another try, twice. */
  retryAfter?: string[];
}

/** A change of a text file, as in an editor; one that isn't there is empty. */
export interface Edit {
  /** File, relative to `in`. */
  edit: string;
  in: string;
  /** What changes, for people. */
  says: string;
  change(text: string): string;
}

export type Step = Command | Edit;

/** A word as a POSIX shell takes it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export function commandLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(" ");
}
