/**
 * Patterns of ignore-tags: Go's path/filepath Match. `*` and `?` stop at `/`, `[a-z]` and `[^a-z]` are sets, `\` takes
 * the next character as it is. There are no braces and no `**`, and the whole name must fit.
 *
 * @returns false also for a malformed pattern: the real one ignores such a pattern silently.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  const source = toRegExp(pattern);
  return source?.test(name) ?? false;
}

function toRegExp(pattern: string): RegExp | undefined {
  const literal = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    if (character === "*") {
      source += "[^/]*";
    } else if (character === "?") {
      source += "[^/]";
    } else if (character === "\\") {
      if (++i === pattern.length) {
        return undefined;
      }
      source += literal(pattern[i]!);
    } else if (character === "[") {
      const set = /^\[(\^?)((?:(?:\\.|[^\\\]-])(?:-(?:\\.|[^\\\]-]))?)+)\]/su.exec(pattern.slice(i));
      if (set === null) {
        return undefined;
      }
      const members = set[2]!.replace(/\\.|[^\\-]/gsu, (each) => literal(each.replace(/^\\/, "")));
      source += `[${set[1]}${members}]`;
      i += set[0].length - 1;
    } else {
      source += literal(character);
    }
  }
  try {
    return new RegExp(`^${source}$`, "s");
  } catch {
    return undefined;
  }
}
