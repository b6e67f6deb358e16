import { surplusError } from "./operations/surplus";

/** Whether somebody wants to read about a command, and not to run it. */
export const asksForHelp = (args: readonly string[]) =>
  args[0] === "help" || args.some((each) => each === "-h" || each === "--help");

/**
 * Whether a command is given only what its usage has a place for: `logs [name]` takes one word. A command with options
 * parses its arguments itself, and refuses what is too much in the same words.
 * @throws Error that names what is too much, so that nothing is done that was meant otherwise
 */
export function checkArguments(usage: string, args: readonly string[]): void {
  if (usage.includes("[--")) return;
  const [, ...places] = usage.split(" ");
  const surplus = args.find((each, index) => each.startsWith("-") || index >= places.length);
  if (surplus === undefined) return;
  throw surplusError(usage, surplus);
}
