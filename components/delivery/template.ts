/** `${environment}` in the paths of a service, so that one line serves all environments. */
import { invalid } from "../error";

/**
 * Replaces `${environment}`.
 *
 * @param path Where the text stands, for the message.
 * @throws {VisibleError} for any other variable
 */
export function forEnvironment(path: string, text: string, environment: string): string {
  const result = text.replaceAll("${environment}", environment);
  const left = /\$\{?[\w.]*\}?/.exec(result);
  if (left) {
    throw invalid(path, text, `has the unknown variable ${left[0]} in it; only \${environment} is replaced`);
  }
  return result;
}
