import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Account, emptyAccount } from "./model";

/**
 * Keeps the account in one JSON file. A save writes a neighbour and renames it, so that a reader, or the next
 * start after a kill, sees either the old or the new state and never half of one.
 */
export class Store {
  readonly account: Account;
  private saved: string;

  /** @throws when the file exists and is not a state file of this version */
  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    if (existsSync(file)) {
      const account = JSON.parse(readFileSync(file, "utf8")) as Account;
      if (account.version !== 1) {
        throw new Error(`${file}: version ${account.version} of the state is not supported; remove the file`);
      }
      // What an earlier version didn't know of begins empty.
      this.account = { ...emptyAccount(), ...account };
    } else {
      this.account = emptyAccount();
    }
    this.saved = "";
    this.save();
  }

  /** Writes the account if it differs from what the file holds. */
  save(): void {
    const text = JSON.stringify(this.account, undefined, 1);
    if (text === this.saved) return;
    const next = `${this.file}.next`;
    writeFileSync(next, text, { mode: 0o600 });
    renameSync(next, this.file);
    this.saved = text;
  }
}
