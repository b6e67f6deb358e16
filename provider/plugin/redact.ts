/** Keeps secrets out of error messages: an API's answer may repeat what it was sent. */
import { Secret, Unknown, type Value } from "./values";

/** Shorter ones would blot out half of the message, and protect nobody. */
const SHORTEST = 4;

/** The message with every text that is secret in the given values replaced. */
export function redact(message: string, ...given: Value[]): string {
  const texts = given.flatMap((value) => secretTexts(value, false));
  // Longest first, in case one contains another.
  const secrets = texts.filter((text) => text.length >= SHORTEST).sort((a, b) => b.length - a.length);
  return secrets.reduce(
    (text, secret) => text.replaceAll(secret, "[secret]").replaceAll(encodeURIComponent(secret), "[secret]"),
    message,
  );
}

function secretTexts(value: Value, isSecret: boolean): string[] {
  if (value instanceof Secret) return secretTexts(value.value, true);
  if (typeof value === "string") return isSecret ? [value] : [];
  if (value === null || typeof value !== "object" || value instanceof Unknown) return [];
  return Object.values(value).flatMap((entry: Value) => secretTexts(entry, isSecret));
}
