/** The shape of private keys, checked before Argo CD fails on them with nothing but "permission denied". */
import type { Rule } from "../validation";

const envelope = /^-----BEGIN (?<kind>[A-Z ]*PRIVATE KEY)-----\n(?<body>[\s\S]+)\n-----END \k<kind>-----$/;

const sshKinds = ["OPENSSH PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"];
const githubAppKinds = ["RSA PRIVATE KEY", "PRIVATE KEY"];

/**
 * A key as it goes into the Secret: Unix line ends and exactly one line end at its end. OpenSSH refuses a key without
 * the last one, and `pulumi config set --secret` strips it.
 */
export function normalisedKey(key: string): string {
  return `${key.replace(/\r\n?/g, "\n").trim()}\n`;
}

/** A private key for SSH. Its complaints never show the key. */
export const sshKeyRule: Rule<string> = keyRule(
  sshKinds,
  "an SSH private key",
  "ssh-keygen -t ed25519 -N '' -f deploy-key",
);

/** A private key of a GitHub App. Its complaints never show the key. */
export const githubAppKeyRule: Rule<string> = keyRule(
  githubAppKinds,
  "the private key of a GitHub App",
  "the .pem file that GitHub gave out",
);

function keyRule(kinds: string[], what: string, source: string): Rule<string> {
  return (key) => {
    const text = normalisedKey(key).trimEnd();
    if (/^(ssh-|ecdsa-|sk-)[\w@.-]+ /.test(text) || text.includes("PUBLIC KEY")) {
      return `holds a public key; give the private one (${source})`;
    }
    const groups = envelope.exec(text)?.groups;
    const isOther = !groups || !kinds.includes(groups.kind!) || !isBase64(groups.body!);
    if (isOther ? text.includes("ENCRYPTED") : isLocked(groups.kind!, groups.body!)) {
      return "is protected by a passphrase, which Argo CD can't enter; make a key of its own without one";
    }
    return isOther
      ? `is not ${what}: it starts with -----BEGIN … PRIVATE KEY----- and ends with -----END … PRIVATE KEY----- (${source})`
      : undefined;
  };
}

function isLocked(kind: string, body: string): boolean {
  return kind === "OPENSSH PRIVATE KEY" && opensshCipher(body) !== "none";
}

function isBase64(body: string): boolean {
  return /^[A-Za-z0-9+/\s]+={0,2}$/.test(body);
}

/**
 * The cipher's name in a key of OpenSSH's own format (OpenSSH: PROTOCOL.key): the magic text with a zero byte, then a
 * string with a length of four bytes.
 */
function opensshCipher(body: string): string {
  const bytes = Buffer.from(body, "base64");
  const start = "openssh-key-v1\0".length;
  return bytes.length < start + 4
    ? ""
    : bytes.subarray(start + 4, start + 4 + bytes.readUInt32BE(start)).toString("latin1");
}
