import { expect } from "chai";
import { blocksOf, edited, extractBlocks, runbooks } from "../e2e/runbooks/blocks";
import { scenarios } from "../e2e/runbooks/scenarios/index";

const names = (document: string) => blocksOf(document).map(({ name }) => `${document}: ${name}`);
const all = runbooks().flatMap(names);
const pasted = scenarios.flatMap(({ document, steps }) =>
  steps.flatMap((step) => ("paste" in step ? [`${document}: ${step.paste}`] : [])),
);

describe("The blocks of the runbooks", () => {
  it("are all pasted by a scenario, and scenarios paste nothing else", () => {
    expect([...new Set(pasted)].sort()).to.deep.equal([...all].sort());
  });

  it("are there for each of the five pages", () => {
    for (const page of ["release", "promotion", "canary", "rollback", "incident"]) {
      expect(blocksOf(`${page}.md`), page).to.have.length.above(3);
    }
  });

  it("have values that a scenario can put in", () => {
    for (const { document, steps } of scenarios) {
      for (const step of steps) {
        if (!("paste" in step)) continue;
        const block = blocksOf(document).find(({ name }) => name === step.paste)!;
        expect(() => edited(block, step.set ?? {}), document).not.to.throw();
      }
    }
  });

  it("are found under their headings, without what they are indented by", () => {
    const text =
      "# A\n\n```sh\none\n```\n\n- x\n\n  ```sh\n  two\n    three\n  ```\n\n```console\nfour\n```\n\n## B\n\n```sh\n# five\n```\n";
    expect(extractBlocks("x.md", text).map(({ name, text }) => [name, text])).to.deep.equal([
      ["A", "one\n"],
      ["A #2", "two\n  three\n"],
      ["B", "# five\n"],
    ]);
  });

  it("are edited where they set a variable", () => {
    const block = { document: "x.md", name: "A", text: "service=echo   # yours\napp=$service-dev\n" };
    expect(edited(block, { service: "shop" })).to.equal("service=shop   # yours\napp=$service-dev\n");
    expect(() => edited(block, { version: "v1" })).to.throw('x.md, "A" doesn\'t set version');
  });
});
