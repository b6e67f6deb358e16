/**
 * Address ranges of allow-lists, in CIDR notation.
 *
 * ACR and ACK One take IPv4 ranges; the rule also asks for the first address of the range, because that is what the
 * API reports back: another address of it would show as a change in every preview.
 */
import { isIPv4, isIPv6 } from "node:net";
import type { Rule } from "../validation";

export const addressRangeRule: Rule<string> = (range) => {
  const [address = "", bits, ...rest] = range.split("/");
  if (isIPv6(address)) {
    return "is an IPv6 range; allow-lists take IPv4 ranges";
  }
  if (isIPv4(address) && bits === undefined) {
    return `is a single address; write the range "${address}/32"`;
  }
  if (!isIPv4(address) || rest.length > 0 || !/^(?:[0-9]|[12][0-9]|3[0-2])$/.test(bits ?? "")) {
    return 'is not an address range; use CIDR notation like "198.51.100.0/24"';
  }
  const first = firstAddress(address, Number(bits));
  return first === address
    ? undefined
    : `doesn't start at the range's first address; write "${first}/${bits}"`;
};

/** The same for the registry, which adds its own address to every list. */
export const registryRangeRule: Rule<string> = (range) =>
  range === "127.0.0.1/32"
    ? "is in the list of every registry already; leave it out"
    : addressRangeRule(range);

/** What is wrong with a list as a whole, or undefined. */
export function duplicateRange(ranges: readonly unknown[]): string | undefined {
  const plain = ranges.filter((range): range is string => typeof range === "string");
  return plain.find((range, index) => plain.indexOf(range) !== index);
}

function firstAddress(address: string, bits: number): string {
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(value / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".");
}
