const units: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 36e5,
};

/**
 * Go's time.ParseDuration, in milliseconds: `1h30m`. There are no days, and a bare number is nanoseconds.
 *
 * @throws Error for anything else
 */
export function parseDuration(value: unknown): number {
  if (typeof value === "number") {
    return value / 1e6;
  }
  const text = String(value);
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (match === null && text !== "0") {
    throw new Error(`${JSON.stringify(text)} is not a duration like 1h or 30m`);
  }
  let sum = 0;
  for (const [, amount, unit] of (match?.[2] ?? "").matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    sum += Number(amount) * units[unit!]!;
  }
  return match?.[1] === "-" ? -sum : sum;
}
