import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { Authority } from "../../kubernetes/pki";
import { NameBook } from "../../network/names";
import { Network } from "../../network/request";
import { botToken, client, type Json, World } from "./support";

const host = "argocd.example.com";

describe("GitHub emulator: webhooks to public hosts", () => {
  const world = new World();
  const asked: [host: string, from: string][] = [];
  const received: string[] = [];
  let admitted: boolean | string = true;
  let server: Server;
  let names: NameBook;

  before(async () => {
    const authority = await Authority.open(join(world.home, "pki"));
    names = new NameBook(join(world.home, "names.json"));
    const { cert, key } = await authority.server("receiver", [host]);
    server = createServer({ cert, key }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        received.push(Buffer.concat(chunks).toString());
        response.end();
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    names.publish(host, port);
    names.publish("other.example.com", port);
    names.publish("down.example.com", 9);
    await world.start({
      network: new Network(names, authority.certificate),
      reachable: (name, from) => {
        asked.push([name, from]);
        return admitted;
      },
    });
    await world.sample("app");
    await world.fork("app");
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await world.stop();
  });

  /** The record of the ping to a new hook. */
  const ping = async (url: string): Promise<Json> => {
    const config = { url, content_type: "json" };
    const made = await world.call("POST", "/repos/acme/app/hooks", { name: "web", config });
    await world.github.settled();
    const path = `/repos/acme/app/hooks/${made.body.id}`;
    const [delivery] = (await world.call("GET", `${path}/deliveries`)).body;
    await world.call("DELETE", path);
    return delivery;
  };

  it("go through the network of the sandbox, from all of GitHub's ranges in turn", async () => {
    for (let turn = 0; turn < 5; turn++) {
      expect(await ping(`https://${host}/hook`)).to.include({ status: "OK", status_code: 200 });
    }
    expect(received).to.have.length(5);
    expect(JSON.parse(received[0] ?? "")).to.have.property("zen");
    expect(asked.map(([name]) => name)).to.deep.equal(Array(5).fill(host));
    expect(asked.map(([, from]) => from)).to.deep.equal([
      "192.30.252.1",
      "185.199.108.1",
      "140.82.112.1",
      "143.55.64.1",
      "192.30.252.1",
    ]);
  });

  it("carry the whole push with its signature", async () => {
    const config = { url: `https://${host}/hook`, content_type: "json", secret: "s3cret" };
    await world.call("POST", "/repos/acme/app/hooks", { name: "web", config });
    const folder = await world.clone("acme/app", `x-access-token:${botToken}`);
    const id = await world.commit(folder, "ümlaut.txt", "x\n");
    await client(["-C", folder, "push", "--quiet", "origin", "main"]);
    await world.github.settled();
    expect(JSON.parse(received.at(-1) ?? "")).to.have.property("after", id);
  });

  const failures: [what: string, url: string, status: string, admit?: boolean | string][] = [
    ["a name that nobody has", "https://nowhere.example.com/", "failed to connect to host"],
    ["a server that is down", "https://down.example.com/", "failed to connect to network"],
    ["an allow-list without GitHub", `https://${host}/`, "failed to connect to network", false],
    ["what the network says", `https://${host}/`, "timed out", "timed out"],
    ["a port that isn't public", `https://${host}:8443/`, "failed to connect to network"],
    ["plain HTTP", `http://${host}/`, "failed to connect to network"],
    [
      "a certificate for another name",
      "https://other.example.com/",
      "Peer certificate cannot be authenticated with given CA certificates",
    ],
  ];
  for (const [what, url, status, admit = true] of failures) {
    it(`are recorded as failed because of ${what}`, async () => {
      admitted = admit;
      const count = received.length;
      expect(await ping(url)).to.include({ event: "ping", status, status_code: 0 });
      expect(received).to.have.length(count);
    });
  }

  it("reach no public host without a network", async () => {
    const alone = await new World().start();
    try {
      await alone.sample("app");
      await alone.fork("app");
      const config = { url: "https://example.com/hook" };
      const made = await alone.call("POST", "/repos/acme/app/hooks", { name: "web", config });
      await alone.github.settled();
      const deliveries = await alone.call("GET", `/repos/acme/app/hooks/${made.body.id}/deliveries`);
      expect(deliveries.body[0].status).to.equal("failed to connect to host");
    } finally {
      await alone.stop();
    }
  });
});
