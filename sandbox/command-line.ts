import { type ParseArgsConfig, parseArgs } from "node:util";

/** What an option is, by its name: for Node's parser, and for whoever asks for help. */
export type Options = Record<
  string,
  NonNullable<ParseArgsConfig["options"]>[string] & {
    summary: string;
  }
>;

/** How a command is typed. */
export interface Described<Taken extends Options = Options> {
  /** The command, a word for each place, then its options: `release <service> <version> [--fail]`. */
  usage: string;
  summary: string;
  /** @default none */
  options?: Taken;
}

/** What was typed after a command, read. */
export type Arguments<Taken extends Options = Options> = {
  words: string[];
  options: ReturnType<typeof parseArgs<{ options: Taken }>>["values"];
};

/** Whether somebody wants to read about a command, and not to run it. */
export const asksForHelp = (args: readonly string[]) =>
  args[0] === "help" || args.some((each) => each === "-h" || each === "--help");

/** The command, what it does, and a line for each option. */
export function help({ usage, summary, options = {} }: Described): string {
  const lines = Object.entries(options).map(([name, option]) => {
    const value =
      option.type === "string" ? new RegExp(`--${name} (<[^>]+>|\\w+)`).exec(usage)?.[1] : undefined;
    return `  ${[`--${name}`, value].filter(Boolean).join(" ").padEnd(18)} ${option.summary}`;
  });
  return [`npm run sandbox -- ${usage}`, summary, ...lines].join("\n");
}

/**
 * Reads what was typed after a command. Its words may be fewer than the usage has places.
 * @throws Error that names what is too much, or lacks its value, so that nothing is done that was meant otherwise
 */
export function readArguments<Taken extends Options>(
  { usage, options = {} as Taken }: Described<Taken>,
  args: readonly string[],
): Arguments<Taken> {
  const [command] = usage.split(" ");
  const typeThis = `Type: npm run sandbox -- ${usage}`;
  const given = { args: [...args], options, allowPositionals: true } as const;
  const loose = parseArgs({ ...given, strict: false, tokens: true });
  const unknown = loose.tokens.find(
    (token) => token.kind === "option" && !Object.hasOwn(options, token.name),
  );
  const surplus = unknown ? args[unknown.index] : loose.positionals[placesOf(usage)];
  if (surplus !== undefined) throw new Error(`"${command}" has no use for "${surplus}". ${typeThis}`);
  try {
    const { positionals, values } = parseArgs(given);
    return { words: positionals, options: values };
  } catch (error) {
    // Of an option that lacks its value, or has one that it doesn't take.
    throw new Error(`${(error as Error).message}\n${typeThis}`);
  }
}

const placesOf = (usage: string) => usage.split(" [--")[0]!.split(" ").length - 1;
