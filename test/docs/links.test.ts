import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import { anchorsOf, blocksOf, documents, proseOf, root, textOf } from "./markdown";

/** Whoever doesn't need the sandbox may delete its folder. */
const isOptional = (target: string) => target.startsWith("sandbox/") && !existsSync(join(root, "sandbox"));

/** Every link to a file of the project. */
function links(): { document: string; target: string; anchor: string | undefined }[] {
  return documents().flatMap((document) =>
    [...proseOf(textOf(document)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, address]) => {
      if (/^[a-z]+:/.test(address!)) return [];
      const [path, anchor] = address!.split("#");
      const target = path === "" ? document : relative(root, join(root, dirname(document), path!));
      return isOptional(target) ? [] : [{ document, target, anchor }];
    }),
  );
}

describe("The documents", () => {
  it("link to files that are there", () => {
    expect(links()).to.have.length.above(10);
    for (const { document, target } of links()) {
      expect(existsSync(join(root, target)), `${document} -> ${target}`).to.equal(true);
    }
  });

  it("link to headings that are there", () => {
    const pointed = links().filter(({ anchor }) => anchor !== undefined);
    expect(pointed).to.have.length.above(2);
    for (const { document, target, anchor } of pointed) {
      expect(anchorsOf(textOf(target)), `${document} -> ${target}`).to.include(anchor);
    }
  });

  it("name npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = documents().flatMap((document) => {
      const text = textOf(document);
      const run = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script!);
      const short = [...text.matchAll(/npm (start|test)\b/g)].map(([, script]) => script!);
      return [...run, ...short].map((script) => ({ document, script }));
    });
    expect(named.map(({ script }) => script)).to.include.members(["start", "test", "sandbox", "test:e2e"]);
    for (const { document, script } of named) {
      expect(Object.keys(scripts), document).to.include(script);
    }
  });

  it("have examples in JSON that can be read", () => {
    for (const document of documents()) {
      for (const block of blocksOf(textOf(document), "json")) {
        expect(() => JSON.parse(block), document).to.not.throw();
      }
    }
  });
});
