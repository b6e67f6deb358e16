import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { expect } from "chai";
import { Authority, serviceAccountKey } from "../../kubernetes/pki";

describe("the sandbox's certificate authority", () => {
  let folder: string;
  let authority: Authority;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pki-"));
    authority = await Authority.open(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is made once, readable by its owner alone", async () => {
    expect((await Authority.open(folder)).certificate).to.equal(authority.certificate);
    expect(statSync(join(folder, "ca.key")).mode & 0o077).to.equal(0);
    const other = await Authority.open(join(folder, "other"));
    expect(new X509Certificate(other.certificate).subject).not.to.equal(
      new X509Certificate(authority.certificate).subject,
    );
  });

  it("signs a server's certificate for the loopback interface, and keeps it", async () => {
    const first = await authority.server("emulators");
    const certificate = new X509Certificate(first.cert);
    expect(certificate.checkIP("127.0.0.1")).to.equal("127.0.0.1");
    expect(certificate.checkHost("localhost")).to.equal("localhost");
    expect(certificate.checkIssued(new X509Certificate(authority.certificate))).to.equal(true);
    expect((await authority.server("emulators")).cert).to.equal(first.cert);
  });

  it("signs client certificates that name user, groups and end", async () => {
    const { cert, expiration } = await authority.client("ram-user", ["system:masters", "team"], 3600);
    const certificate = new X509Certificate(cert);
    expect(certificate.subject.split("\n")).to.have.members(["CN=ram-user", "O=system:masters", "O=team"]);
    expect(Date.parse(certificate.validTo)).to.equal(expiration.getTime());
    expect((await authority.client("ram-user", [], -60)).expiration.getTime()).to.be.lessThan(Date.now());
  });

  it("is believed by a client that knows it: both ends of a TLS connection", async () => {
    const { key, cert } = await authority.server("emulators");
    const user = await authority.client("ram-user", ["team"], 60);
    const server = createServer({ key, cert, ca: authority.certificate, requestCert: true }, (call, answer) =>
      answer.end((call.socket as TLSSocket).getPeerCertificate().subject.CN),
    );
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const name = await new Promise<string>((resolve, reject) => {
      const options = { ca: authority.certificate, key: user.key, cert: user.cert, agent: false };
      request(`https://127.0.0.1:${port}`, options, (answer) => {
        answer.setEncoding("utf8").once("data", resolve);
      })
        .once("error", reject)
        .end();
    });
    await new Promise((done) => server.close(done));
    expect(name).to.equal("ram-user");
  });

  it("writes a bundle of the system's authorities and itself", () => {
    const file = join(folder, "bundle.pem");
    authority.writeBundle(file);
    const bundle = readFileSync(file, "utf8");
    expect(bundle).to.contain(authority.certificate.trim());
    expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).to.be.greaterThan(50);
  });

  it("keeps one key for service account tokens", () => {
    const text = readFileSync(serviceAccountKey(folder), "utf8");
    expect(text).to.contain("BEGIN PRIVATE KEY");
    expect(readFileSync(serviceAccountKey(folder), "utf8")).to.equal(text);
  });
});
