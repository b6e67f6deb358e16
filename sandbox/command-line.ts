/** Whether somebody wants to read about a command, and not to run it. */
export const asksForHelp = (args: readonly string[]) =>
  args[0] === "help" || args.some((each) => each === "-h" || each === "--help");

/**
 * Whether a command is given only what its usage has a place for: `logs [name]` takes one word. A command with options
 * parses its arguments itself.
 * @throws Error that names what is too much, so that nothing is done that was meant otherwise
 */
export function checkArguments(usage: string, args: readonly string[]): void {
  if (usage.includes("[--")) return;
  const [command, ...places] = usage.split(" ");
  const surplus = args.find((each, index) => each.startsWith("-") || index >= places.length);
  if (surplus === undefined) return;
  throw new Error(`"${command}" has no use for "${surplus}". Type: npm run sandbox -- ${usage}`);
}
