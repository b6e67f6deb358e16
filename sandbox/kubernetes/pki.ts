import "reflect-metadata"; // @peculiar/x509 needs it, and needs it first
import { generateKeyPairSync, type KeyObject, randomBytes, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 3600 * 1000;
const serverAuth = "1.3.6.1.5.5.7.3.1";
const clientAuth = "1.3.6.1.5.5.7.3.2";

/** A private key and its certificate, both PEM. */
export interface KeyPair {
  key: string;
  cert: string;
}

/**
 * The certificate authority of one sandbox: signs the servers' certificates and the client certificates in
 * kubeconfigs. Made once, kept in a folder that only the owner can read.
 */
export class Authority {
  /** PEM certificate. */
  readonly certificate: string;
  readonly #folder: string;
  readonly #key: CryptoKey;

  private constructor(folder: string, certificate: string, key: CryptoKey) {
    this.#folder = folder;
    this.certificate = certificate;
    this.#key = key;
  }

  /** Opens the authority in `folder`, or makes it there (valid for ten years). */
  static async open(folder: string, name = "ackone sandbox"): Promise<Authority> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const [certFile, keyFile] = [join(folder, "ca.crt"), join(folder, "ca.key")];
    if (existsSync(certFile) && existsSync(keyFile)) {
      return new Authority(
        folder,
        readFileSync(certFile, "utf8"),
        await importKey(readFileSync(keyFile, "utf8")),
      );
    }
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned(
      {
        keys,
        signingAlgorithm: algorithm,
        name: [{ CN: [name] }, { OU: [randomBytes(4).toString("hex")] }], // two sandboxes' authorities differ in name
        notBefore: new Date(Date.now() - day),
        notAfter: new Date(Date.now() + 3650 * day),
        extensions: [
          new x509.BasicConstraintsExtension(true, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
          await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
      },
      webcrypto as Crypto,
    );
    writePrivately(keyFile, await exportKey(keys.privateKey));
    writePrivately(certFile, pem(certificate));
    return new Authority(folder, pem(certificate), keys.privateKey);
  }

  /**
   * A certificate for a server on the loopback interface (127.0.0.1 and localhost) that may also act as a client.
   * Kept as `<name>.crt` and `<name>.key`; valid for a year, made anew in its last month.
   *
   * @param hosts public names that it answers for as well; a name with other hosts needs another `name`
   */
  async server(name: string, hosts: string[] = []): Promise<KeyPair & { certFile: string; keyFile: string }> {
    const [certFile, keyFile] = [join(this.#folder, `${name}.crt`), join(this.#folder, `${name}.key`)];
    if (existsSync(certFile) && existsSync(keyFile)) {
      const cert = readFileSync(certFile, "utf8");
      if (new x509.X509Certificate(cert).notAfter.getTime() > Date.now() + 30 * day) {
        return { cert, key: readFileSync(keyFile, "utf8"), certFile, keyFile };
      }
    }
    const addresses = new x509.SubjectAlternativeNameExtension([
      { type: "ip", value: "127.0.0.1" },
      { type: "dns", value: "localhost" },
      ...hosts.map((value) => ({ type: "dns" as const, value })),
    ]);
    const until = new Date(Date.now() + 365 * day);
    const pair = await this.#issue([{ CN: [name] }], until, [serverAuth, clientAuth], [addresses]);
    writePrivately(keyFile, pair.key);
    writePrivately(certFile, pair.cert);
    return { ...pair, certFile, keyFile };
  }

  /**
   * A certificate that names a user (common name) and its groups (organisations) to Kubernetes.
   * @param validForSeconds may be negative: an expired certificate, to try a renewal
   */
  async client(
    user: string,
    groups: string[],
    validForSeconds: number,
  ): Promise<KeyPair & { expiration: Date }> {
    // Certificates know whole seconds.
    const expiration = new Date(Math.floor((Date.now() + validForSeconds * 1000) / 1000) * 1000);
    const subject = [...groups.map((group) => ({ O: [group] })), { CN: [user] }];
    return { ...(await this.#issue(subject, expiration, [clientAuth], [])), expiration };
  }

  /** Writes the system's authorities and this one into a file, for SSL_CERT_FILE and NODE_EXTRA_CA_CERTS. */
  writeBundle(file: string): void {
    const system = systemBundles.find((candidate) => existsSync(candidate));
    const roots = system ? readFileSync(system, "utf8").trim() : rootCertificates.join("\n");
    writePrivately(file, `${roots}\n${this.certificate}`);
  }

  async #issue(
    subject: x509.JsonName,
    notAfter: Date,
    usages: string[],
    extensions: x509.Extension[],
  ): Promise<KeyPair> {
    const keys = await generateKeys();
    const issuer = new x509.X509Certificate(this.certificate);
    const certificate = await x509.X509CertificateGenerator.create(
      {
        subject,
        issuer: issuer.subject,
        // A minute for clocks that differ; a day for certificates that are born expired.
        notBefore: new Date(Math.min(Date.now() - 60_000, notAfter.getTime() - day)),
        notAfter,
        publicKey: keys.publicKey,
        signingKey: this.#key,
        signingAlgorithm: algorithm,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension(usages),
          await x509.AuthorityKeyIdentifierExtension.create(issuer),
          ...extensions,
        ],
      },
      webcrypto as Crypto,
    );
    return { key: await exportKey(keys.privateKey), cert: pem(certificate) };
  }
}

/** The key that signs service account tokens: 2048 bit RSA, PEM. Kept, so that tokens survive a restart. */
export function serviceAccountKey(folder: string): string {
  const file = join(folder, "service-account.key");
  if (!existsSync(file)) {
    const { privateKey }: { privateKey: KeyObject } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writePrivately(file, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  }
  return file;
}

/** Where systems keep their bundle of authorities, as Go's crypto/x509 looks for it. */
const systemBundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const generateKeys = () =>
  webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;

const pem = (certificate: x509.X509Certificate) => `${certificate.toString("pem").trim()}\n`;

async function exportKey(key: CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY").trim()}\n`;
}

function importKey(text: string): Promise<CryptoKey> {
  const [bytes] = x509.PemConverter.decode(text);
  return webcrypto.subtle.importKey("pkcs8", bytes as ArrayBuffer, algorithm, true, ["sign"]);
}

function writePrivately(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
