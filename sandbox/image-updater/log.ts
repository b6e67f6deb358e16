export const levels = ["error", "warn", "info", "debug", "trace"] as const;
export type Level = (typeof levels)[number];

export type Fields = Readonly<Record<string, string>>;

/** Lines in logfmt, as logrus writes them: time, level, msg, then the fields in the order of their names. */
export class Log {
  readonly #write: (line: string) => void;
  readonly #level: Level;
  readonly #fields: Fields;

  /** @param level lines below it are left out */
  constructor(write: (line: string) => void, level: Level, fields: Fields = {}) {
    this.#write = write;
    this.#level = level;
    this.#fields = fields;
  }

  /** A log whose lines have these fields as well. */
  with(fields: Fields): Log {
    return new Log(this.#write, this.#level, { ...this.#fields, ...fields });
  }

  error(message: string): void {
    this.at("error", message);
  }

  warn(message: string): void {
    this.at("warn", message);
  }

  info(message: string): void {
    this.at("info", message);
  }

  debug(message: string): void {
    this.at("debug", message);
  }

  at(level: Level, message: string): void {
    if (levels.indexOf(level) > levels.indexOf(this.#level)) return;
    const time = `${new Date().toISOString().slice(0, 19)}Z`;
    const fields = Object.entries(this.#fields).sort(([a], [b]) => (a < b ? -1 : 1));
    const name = level === "warn" ? "warning" : level;
    const parts = [`time=${quoted(time)}`, `level=${name}`, `msg=${quoted(message)}`];
    this.#write(`${[...parts, ...fields.map(([key, value]) => `${key}=${quoted(value)}`)].join(" ")}\n`);
  }
}

/** As it is when it needs no quotes, else as a Go string. */
function quoted(value: string): string {
  return /^[\w./@^+-]+$/.test(value) ? value : JSON.stringify(value);
}
