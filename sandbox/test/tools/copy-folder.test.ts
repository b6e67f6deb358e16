import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { copyFolder } from "../../tools/copy-folder";
import { cleanUp, script, temporaryFolder } from "./surroundings";

describe("a copied folder", () => {
  afterEach(cleanUp);

  it("can be changed and removed although Go's cache of modules is read-only", async () => {
    const [module, home] = [await temporaryFolder(), await temporaryFolder()];
    const file = join(module, "crds", "rollout.yaml");
    await script(file, "kind: CustomResourceDefinition");
    await chmod(file, 0o444);
    await chmod(join(module, "crds"), 0o555);
    try {
      await copyFolder(module, join(home, "copy"));
    } finally {
      await chmod(join(module, "crds"), 0o755);
    }
    const copy = join(home, "copy", "crds", "rollout.yaml");
    expect(await readFile(copy, "utf8")).to.equal("kind: CustomResourceDefinition");
    for (const path of [copy, join(home, "copy", "crds")]) {
      expect((await stat(path)).mode & 0o200, path).to.equal(0o200);
    }
  });

  it("replaces the files of an older copy and leaves others alone", async () => {
    const [module, copy] = [await temporaryFolder(), await temporaryFolder()];
    await writeFile(join(module, "a"), "new");
    await writeFile(join(copy, "a"), "old and longer");
    await writeFile(join(copy, "b"), "other");
    await copyFolder(module, copy);
    expect(await readFile(join(copy, "a"), "utf8")).to.equal("new");
    expect(await readFile(join(copy, "b"), "utf8")).to.equal("other");
  });
});
