/** Certificates and kubeconfigs for the tests, made on the spot so that their dates suit the test. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { stringify } from "yaml";

x509.cryptoProvider.set(webcrypto as Crypto);
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 3600 * 1000;

export interface Pair {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: string;
}

/** A self-signed certificate for 127.0.0.1, valid from and until so many days from now. */
export async function selfSigned(fromDays = -1, untilDays = 365): Promise<Pair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=ackone-test",
    keys: keys as CryptoKeyPair,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() + fromDays * DAY),
    notAfter: new Date(Date.now() + untilDays * DAY),
    extensions: [
      new x509.BasicConstraintsExtension(true),
      new x509.SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }]),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return {
    certificate: certificate.toString("pem"),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)?.join("\n")}\n-----END PRIVATE KEY-----\n`,
  };
}

/** A kubeconfig as Alibaba Cloud gives it: one cluster, one user with a client certificate, or with a token. */
export function kubeconfigOf(user: Pair | { token: string }, server = "https://203.0.113.10:6443"): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "kubernetes", cluster: { server, "certificate-authority-data": base64("an authority") } },
    ],
    contexts: [{ name: "admin", context: { cluster: "kubernetes", user: "admin" } }],
    "current-context": "admin",
    users: [
      {
        name: "admin",
        user:
          "token" in user
            ? user
            : { "client-certificate-data": base64(user.certificate), "client-key-data": base64(user.key) },
      },
    ],
  });
}
