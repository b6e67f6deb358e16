import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { operations } from "../../provider/openapi/operations";
import { goldenOf } from "../stacks/golden";
import { blocksOf, root, textOf } from "./markdown";

interface Policy {
  Statement: { Effect: string; Action: string[]; Resource: string | string[] }[];
}

const text = textOf("docs/permissions.md");
const policy = JSON.parse(blocksOf(text, "json")[0]!) as Policy;
const allowed = policy.Statement.flatMap(({ Action }) => Action);

/** What each resource of the alicloud provider calls, as the document's table has it: `product:Action`. */
const calls = new Map(
  [...text.matchAll(/^\| `(alicloud:[^`]+)` \| ([^|]+) \|$/gm)].map(([, type, list]) => [
    type!,
    list!.trim().split(", "),
  ]),
);

/** Billing's RAM actions have names of their own ("RAM authorization" of BSS OpenAPI). */
const billing: Record<string, string> = {
  "bssopenapi:CreateInstance": "bssapi:CreateInstance",
  "bssopenapi:QueryAvailableInstances": "bssapi:QueryAvailableInstances",
  "bssopenapi:RefundInstance": "bss:RefundBatchRemainRefund",
};
const ramAction = (call: string) => billing[call] ?? call;

describe("The RAM policy in docs/permissions.md", () => {
  it("allows every action of the own resources", () => {
    const own = Object.values(operations).map(({ ramAction }) => ramAction);
    expect(allowed).to.include.members([...new Set(own)]);
  });

  it("knows the calls of every resource of the alicloud provider that the stacks make", () => {
    const made = ["dev", "prod"].flatMap((stack) =>
      goldenOf(stack).flatMap((line) => /^alicloud:\S+/.exec(line) ?? []),
    );
    expect([...calls.keys()]).to.have.members([...new Set(made)]);
  });

  it("allows these calls", () => {
    expect(allowed).to.include.members([...calls.values()].flat().map(ramAction));
  });

  it("allows nothing else, and nothing twice", () => {
    const own = Object.values(operations).map(({ ramAction }) => ramAction as string);
    const needed = new Set([...own, ...[...calls.values()].flat().map(ramAction)]);
    expect([...allowed].sort()).to.deep.equal([...needed].sort());
  });

  it("narrows what can be narrowed to an instance, a repository or a cluster", () => {
    const wide = policy.Statement.filter(({ Resource }) => Resource === "*").flatMap(({ Action }) => Action);
    expect(wide.filter((action) => action.startsWith("cr:"))).to.have.members([
      "cr:ListInstance",
      "cr:ResetLoginPassword",
    ]);
    // About add-ons in general and about tasks, which belong to no cluster.
    expect(wide.filter((action) => action.startsWith("cs:"))).to.deep.equal([
      "cs:DescribeAddon",
      "cs:DescribeTaskInfo",
    ]);
  });

  it("is about calls that the sandbox knows, where it is there", function () {
    const emulators = join(root, "sandbox", "emulators", "alibaba");
    if (!existsSync(emulators)) return this.skip();
    const folders: Record<string, string> = { bssopenapi: "bss" };
    for (const call of [...calls.values()].flat()) {
      const [product, action] = call.split(":") as [string, string];
      const source = readFileSync(join(emulators, folders[product] ?? product, "index.ts"), "utf8");
      expect(source.match(/\b[A-Z]\w+\b/g), call).to.include(action);
    }
  });
});
