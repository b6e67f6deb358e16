import { createHash, randomBytes, scrypt, scryptSync, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Instance } from "../account/model";

/** The user of every temporary login ("GetAuthorizationToken", TempUsername). */
export const temporaryUser = "cr_temp_user";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const hour = 60 * 60 * 1000;

export function setPassword(instance: Instance, password: string): void {
  const salt = randomBytes(16);
  instance.passwordHash = `${salt.toString("hex")}:${scryptSync(password, salt, 32).toString("hex")}`;
}

export async function isPassword({ passwordHash }: Instance, password: string): Promise<boolean> {
  const [salt, hash] = (passwordHash ?? "").split(":");
  if (!salt || !hash) return false;
  return timingSafeEqual(await derive(password, Buffer.from(salt, "hex"), 32), Buffer.from(hash, "hex"));
}

/** Makes a temporary login; the account keeps only its hash. */
export function temporaryLogin(instance: Instance, hours = 1): { token: string; expiresAt: number } {
  const token = randomBytes(32).toString("base64url");
  const expiresAt = Date.now() + hours * hour;
  const valid = (instance.temporaryLogins ?? []).filter((each) => each.expiresAt > Date.now());
  instance.temporaryLogins = [...valid, { hash: hashOf(token), expiresAt }];
  return { token, expiresAt };
}

export function isTemporaryToken({ temporaryLogins = [] }: Instance, token: string): boolean {
  const hash = hashOf(token);
  return temporaryLogins.some((each) => each.hash === hash && each.expiresAt > Date.now());
}

// The tokens are random and long, so that a plain hash gives nothing away.
const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");
