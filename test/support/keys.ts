/** Private keys for tests, made anew in every run; none of them opens anything. */
import { generateKeyPairSync } from "node:crypto";

/** PEM, PKCS #8: `BEGIN PRIVATE KEY`. */
export function pemKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** PEM, PKCS #8 with a passphrase: `BEGIN ENCRYPTED PRIVATE KEY`. */
export function lockedPemKey(): string {
  return generateKeyPairSync("ed25519")
    .privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open" })
    .toString();
}

/** The form of GitHub Apps: `BEGIN RSA PRIVATE KEY`. */
export function rsaKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 1024 })
    .privateKey.export({ type: "pkcs1", format: "pem" })
    .toString();
}

/** The head of a key in OpenSSH's own form, which is all that a program can see of a locked one. */
export function opensshKey(cipher: "none" | "aes256-ctr" = "none"): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(cipher.length);
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    length,
    Buffer.from(cipher),
    Buffer.alloc(120, 7),
  ]);
  const lines = body
    .toString("base64")
    .match(/.{1,70}/g)!
    .join("\n");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}
