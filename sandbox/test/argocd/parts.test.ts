import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { layOutPrograms, socketFolder, wipe } from "../../argocd/folders";
import { parametersOf } from "../../argocd/parameters";
import { answersHttp, answersRedis, listens } from "../../argocd/probes";
import { admits } from "../../argocd/public-access";
import type { ObjectKey, Objects } from "../../kubernetes/api/objects";

describe("parts of the hosted Argo CD", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "argocd-parts-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  describe("public access", () => {
    const cases: [list: string[], address: string, admitted: boolean][] = [
      [["0.0.0.0/0"], "140.82.112.1", true],
      [["140.82.112.0/20"], "140.82.127.255", true],
      [["140.82.112.0/20"], "140.82.128.0", false],
      [["203.0.113.7"], "203.0.113.7", true],
      [["203.0.113.7"], "203.0.113.8", false],
      [["10.0.0.0/8", "192.30.252.0/22"], "192.30.255.1", true],
      [[], "140.82.112.1", false],
    ];
    for (const [accessControlList, address, admitted] of cases) {
      it(`${admitted ? "admits" : "refuses"} ${address} with [${accessControlList.join(", ")}]`, () => {
        expect(admits({ publicAccess: true, accessControlList }, address)).to.equal(admitted);
        expect(admits({ publicAccess: false, accessControlList }, address)).to.equal(false);
      });
    }
  });

  describe("variables of a component", () => {
    const fleet = (data: Record<string, Record<string, string>>) =>
      ({ get: async ({ name }: ObjectKey) => ({ data: data[name] }) }) as unknown as Objects;

    it("come from the keys that Argo CD's Deployments read, and from no other", async () => {
      const objects = fleet({
        "argocd-cm": { "timeout.reconciliation": "60s", url: "https://argocd" },
        "argocd-cmd-params-cm": { "controller.status.processors": "5", "server.insecure": "true" },
      });
      expect(await parametersOf(objects, "application-controller")).to.deep.equal({
        ARGOCD_RECONCILIATION_TIMEOUT: "60s",
        ARGOCD_APPLICATION_CONTROLLER_STATUS_PROCESSORS: "5",
      });
      expect(await parametersOf(objects, "repo-server")).to.deep.equal({
        ARGOCD_RECONCILIATION_TIMEOUT: "60s",
      });
      expect(await parametersOf(objects, "server")).to.deep.equal({});
    });

    it("are none for ConfigMaps without data", async () => {
      expect(await parametersOf(fleet({}), "server")).to.deep.equal({});
    });
  });

  it("are one binary under the names of its components", () => {
    const programs = { argocd: "/tools/argocd", miniredis: "/tools/miniredis", kustomize: "/k", helm: "/h" };
    const bin = layOutPrograms(home, programs);
    layOutPrograms(home, { ...programs, helm: "/newer/helm" });
    expect(readlinkSync(join(bin, "argocd-repo-server"))).to.equal("/tools/argocd");
    expect(readlinkSync(join(bin, "helm"))).to.equal("/newer/helm");
  });

  it("can be removed although repo-server has taken all rights off its clones", () => {
    const clone = join(home, "instance", "repo-server", "tmp", "_argocd-repo", "clone");
    mkdirSync(join(clone, ".git"), { recursive: true });
    writeFileSync(join(clone, ".git", "HEAD"), "x");
    chmodSync(clone, 0o000);
    chmodSync(join(clone, ".."), 0o300);
    wipe(join(home, "instance"));
    expect(existsSync(join(home, "instance"))).to.equal(false);
    wipe(join(home, "instance"));
  });

  it("keep sockets in their folder, or in a private one where its path is too long", () => {
    const near = socketFolder(home, 10);
    expect(near.path).to.equal(home);
    near.remove();
    expect(existsSync(home)).to.equal(true);
    const far = socketFolder(join(home, "x".repeat(100)), 10);
    expect(far.path.length).to.be.lessThan(93);
    expect(statSync(far.path).mode & 0o777).to.equal(0o700);
    far.remove();
    expect(existsSync(far.path)).to.equal(false);
  });

  describe("probes", () => {
    const signal = new AbortController().signal;

    it("tell a healthy server from one that isn't", async () => {
      let status = 200;
      const server = createServer((_request, response) => response.writeHead(status).end());
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      const { port } = server.address() as AddressInfo;
      expect(await answersHttp(port, "/healthz")(signal)).to.equal(undefined);
      expect(await listens(port)(signal)).to.equal(undefined);
      status = 503;
      expect(await answersHttp(port, "/healthz")(signal)).to.equal("HTTP 503");
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      const refused = await listens(port)(signal).catch((error: Error) => error.message);
      expect(refused).to.contain("ECONNREFUSED");
    });

    it("ask a Redis server whether it takes the password, in its own language", async () => {
      const server = createTcpServer((socket) => {
        socket.once("data", (data) => {
          const good = data.toString() === "*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n";
          socket.end(good ? "+OK\r\n" : "-WRONGPASS invalid\r\n");
        });
      });
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      const { port } = server.address() as AddressInfo;
      expect(await answersRedis(port, "secret")(signal)).to.equal(undefined);
      expect(await answersRedis(port, "other")(signal)).to.contain("WRONGPASS");
      await new Promise((closed) => server.close(closed));
    });
  });
});
