import { randomBytes, randomInt, randomUUID } from "node:crypto";

const lower = "abcdefghijklmnopqrstuvwxyz0123456789";

/** An id in the form of the cloud, for example `cri-` and 16 lower-case letters and digits. */
export function newId(prefix: "cri" | "crr" | "crn" | "crbr" | "sg" | "eip" | "lb"): string {
  let id = `${prefix}-`;
  for (let i = 0; i < 16; i++) id += lower[randomInt(lower.length)];
  return id;
}

/** `c` and 32 hexadecimal digits, as every ACK cluster has it. */
export const newClusterId = (): string => `c${randomBytes(16).toString("hex")}`;

/** A task id as adcp answers it. */
export const newTaskId = (): string => `T-${randomBytes(12).toString("hex")}`;

/** An upper-case UUID, as the gateway writes request ids. */
export const newRequestId = (): string => randomUUID().toUpperCase();
