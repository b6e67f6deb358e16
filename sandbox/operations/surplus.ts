/** What is said of a word or option that a command has no place for, so that nothing is done that was meant otherwise. */
export const surplusError = (usage: string, surplus: string) =>
  new Error(`"${usage.split(" ")[0]}" has no use for "${surplus}". Type: npm run sandbox -- ${usage}`);
