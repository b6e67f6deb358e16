import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { manual } from "../../stacks/config/manual";
import { readConfig } from "../../stacks/config/read";
import { groups, scalars } from "../../stacks/config/schema";
import { secretNames } from "../../stacks/config/secrets";
import { project, root, sourceOf, stackConfigOf, stackFile } from "./stack-file";

interface ProjectFile {
  name: string;
  runtime: unknown;
  plugins: { providers: { name: string; path: string }[] };
  config: Record<string, { type: string; description: string; default?: unknown }>;
}

const file = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as ProjectFile;

describe("Pulumi.yaml and the stack files", () => {
  it("declare every key that the program reads, and no other", () => {
    const types = Object.fromEntries(Object.entries(file.config).map(([key, { type }]) => [key, type]));
    expect(types).to.deep.equal({
      platform: "string",
      protect: "boolean",
      ...Object.fromEntries(Object.keys(groups).map((name) => [name, "object"])),
      ...Object.fromEntries(secretNames.map((name) => [name, "string"])),
    });
    expect(Object.keys(scalars)).to.deep.equal(["platform", "protect"]);
  });

  it("describe every key, and say which are secrets", () => {
    for (const [key, { description }] of Object.entries(file.config)) {
      expect(description, key).to.match(/\.$/);
      expect(description.startsWith("Secret."), key).to.equal((secretNames as string[]).includes(key));
    }
  });

  it("let the program say what a missing secret is for: it has no default but the empty text", () => {
    for (const name of secretNames) {
      expect(file.config[name]!.default).to.equal("");
    }
  });

  it("name the project as the configuration keys do, and start our own provider from its folder", () => {
    expect(file.name).to.equal(project);
    expect(file.plugins.providers).to.deep.equal([{ name: "ackone", path: "./provider" }]);
  });

  it("check no types when the program starts", () => {
    const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8")) as {
      compilerOptions: { noCheck: boolean };
    };
    expect(file.runtime).to.equal("nodejs");
    expect(compilerOptions.noCheck).to.equal(true);
  });

  it("have a configuration without mistakes, and the same keys in both stacks but for protection", () => {
    for (const stack of ["dev", "prod"] as const) {
      expect(() => readConfig(sourceOf(stackConfigOf(stack)))).to.not.throw();
    }
    const keys = (stack: "dev" | "prod") =>
      Object.keys(stackFile(stack)).filter((key) => !key.endsWith(":protect"));
    expect(keys("prod")).to.deep.equal(keys("dev"));
  });

  it("never let Kubernetes objects go to somebody's current context", () => {
    for (const stack of ["dev", "prod"] as const) {
      expect(stackFile(stack)["pulumi:disable-default-providers"]).to.deep.equal(["kubernetes"]);
    }
  });

  it("hold no encrypted and no plain secret", () => {
    for (const name of readdirSync(root).filter((each) => /^Pulumi\.\w+\.yaml$/.test(each))) {
      const text = readFileSync(join(root, name), "utf8");
      expect(text, name).to.not.match(/secure:|encryptionsalt|encryptedkey/);
      for (const secret of secretNames) {
        expect(text, name).to.not.contain(`${project}:${secret}`);
      }
    }
  });
});

describe("docs/configuration.md", () => {
  it("is what the schemas say; npx tsx stacks/config/manual.ts writes it anew", () => {
    const written = readFileSync(join(root, "docs", "configuration.md"), "utf8");
    expect(written).to.equal(manual(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8")));
  });
});
