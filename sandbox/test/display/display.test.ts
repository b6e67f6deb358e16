import type { EngineEvent } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { EngineProgress } from "../../display/engine-progress";
import { holdingsTable } from "../../display/holdings-table";
import { duration, table } from "../../display/table";

const urn = (name: string) => `urn:pulumi:dev::p::a:b:C::${name}`;
const begins = (name: string, op: string, custom = true) =>
  ({ resourcePreEvent: { metadata: { urn: urn(name), op, new: { custom } } } }) as unknown as EngineEvent;
const ends = (name: string) =>
  ({ resOutputsEvent: { metadata: { urn: urn(name) } } }) as unknown as EngineEvent;

describe("display", () => {
  it("says what is done, and for how long the rest has been under way", () => {
    const lines: string[] = [];
    let now = 0;
    const progress = new EngineProgress(
      (line) => lines.push(line),
      () => now,
    );
    progress.onEvent(begins("instance", "create"));
    progress.onEvent(begins("provider", "same"));
    progress.onEvent(begins("component", "create", false));
    progress.onEvent(begins("fork", "create"));
    now = 3400;
    progress.onEvent(ends("fork"));
    expect(lines.at(-1)).to.equal("1 done, working on instance (3 s)");
    expect(lines).to.have.length(5);
  });

  it("shortens a long list of what is under way", () => {
    const progress = new EngineProgress(
      () => {},
      () => 0,
    );
    for (const name of ["a", "b", "c", "d", "e", "f"]) progress.onEvent(begins(name, "create"));
    expect(progress.line()).to.equal("0 done, working on a, b, c, d, 2 more");
  });

  it("draws a table without colours where nobody looks at it", () => {
    expect(table(["What", "Name"], [["fork", "acme/echo"]], false).split("\n")).to.deep.equal([
      "┌──────┬───────────┐",
      "│ What │ Name      │",
      "├──────┼───────────┤",
      "│ fork │ acme/echo │",
      "└──────┴───────────┘",
    ]);
  });

  it("tells durations as a person would", () => {
    expect([400, 75_000, 125_000].map(duration)).to.deep.equal(["0 s", "75 s", "2 min 5 s"]);
  });
});

describe("display/holdings-table", () => {
  it("shows what the program made, by names, in lines that fit a terminal", () => {
    const member = `c${"0123456789abcdef".repeat(2)}`;
    const nothing = {
      namespaces: [],
      vpcLinks: [],
      permissions: [],
      repositories: [],
      bindings: [],
      rules: [],
      builds: [],
      images: [],
      addons: [],
    };
    const text = holdingsTable({
      alibaba: {
        ...nothing,
        instances: [
          {
            id: "cri-1",
            name: "acme",
            edition: "Basic",
            status: "RUNNING",
            payment: "Subscription",
            renewal: "ManualRenewal",
            passwordSet: false,
            anonymousPull: false,
          },
        ],
        endpoints: [{ instance: "acme", module: "Registry", status: "RUNNING" }],
        aclEntries: [],
        fleets: [],
        members: [{ fleet: "acme", id: member, name: "workloads", state: "Successed" }],
      },
      github: { repositories: [], branches: [], tags: [], hooks: [], deployKeys: [] },
      clusters: [
        {
          id: "c1",
          kind: "fleet",
          applications: [
            { name: "echo-dev", project: "p", destination: `${member}-workloads/echo`, sync: "automatic" },
          ],
          projects: ["default", "acme-dev"],
          secrets: [
            { name: "acr", keys: ["acr"] },
            { name: "argocd-secret", keys: [] },
            { name: `cluster-${member}`, keys: ["config"] },
          ],
          configMaps: [],
          clusterRoleBindings: [],
        },
      ],
    });
    const rows = text.split("\n").filter((line) => line.startsWith("│"));
    expect(rows.map((line) => line.replace(/│/g, "").trim().split(/ {2,}/))).to.deep.equal([
      ["What", "Name", "Details"],
      ["ACR instance", "acme", "cri-1, Basic, RUNNING"],
      ["ACR internet endpoint", "Registry", "RUNNING, allows nobody"],
      ["Member cluster", "workloads", `${member}, Successed`],
      ["Secret on the Fleet", "argocd/acr", "keys acr"],
      ["AppProject on the Fleet", "argocd/acme-dev"],
      ["Application on the Fleet", "argocd/echo-dev", "automatic sync to workloads/echo"],
    ]);
    expect(Math.max(...text.split("\n").map((line) => line.length))).to.be.at.most(120);
  });
});
