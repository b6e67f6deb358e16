import { DockerfileError } from "./instruction";

/**
 * Replaces variables as the "Dockerfile reference" says (Environment replacement): `$name`, `${name}`,
 * `${name:-default}` and `${name:+other}`; `\$` is a dollar.
 */
export function substitute(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\\([\s\S])|\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (whole, escaped?: string, bare?: string, name?: string, operator?: string, other: string = "") => {
      if (escaped !== undefined) return escaped === "$" ? "$" : whole;
      const value = variables.get(bare ?? name ?? "") ?? "";
      if (operator === "-") return value === "" ? substitute(other, variables) : value;
      if (operator === "+") return value === "" ? "" : substitute(other, variables);
      return value;
    },
  );
}

/** Splits at white space outside of quotes; quotes are taken away. */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\[\s\S]|[^\s"'\\])+/g) ?? [];
  return words.map(unquote);
}

/**
 * Pairs of ENV and LABEL: `name=value other="a value"`, or the old form `name the value`.
 * @throws DockerfileError
 */
export function pairs(keyword: string, text: string, line: number): [string, string][] {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\[\s\S]|[^\s"'\\])+/g) ?? [];
  if (!words[0]?.includes("=")) {
    const [, name, value] = /^(\S+)\s+([\s\S]+)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new DockerfileError(`${keyword} must have two arguments`, line);
    }
    return [[name, value]];
  }
  return words.map((word) => {
    const equals = word.indexOf("=");
    if (equals < 0) {
      throw new DockerfileError(
        `Syntax error - can't find = in "${word}". Must be of the form: name=value`,
        line,
      );
    }
    const name = unquote(word.slice(0, equals));
    if (name === "") throw new DockerfileError(`${keyword} names can not be blank`, line);
    return [name, unquote(word.slice(equals + 1))];
  });
}

function unquote(word: string): string {
  return word.replace(
    /"((?:\\.|[^"\\])*)"|'([^']*)'|\\([\s\S])/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double !== undefined ? double.replace(/\\(["\\$])/g, "$1") : (single ?? escaped ?? ""),
  );
}
