/** The classes that programs import and the plugin behind them say the same. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import ts from "typescript";
import * as sdk from "../../provider";
import { packageSchema } from "../../provider/plugin/schema";

interface TypeSchema {
  type: string;
  secret?: boolean;
}

interface ResourceSchema {
  inputProperties: Record<string, TypeSchema>;
  requiredInputs: string[];
  properties: Record<string, TypeSchema>;
  required: string[];
}

const schema = JSON.parse(packageSchema()) as {
  resources: Record<string, ResourceSchema>;
  provider: { inputProperties: Record<string, TypeSchema> };
  functions: Record<string, { inputs: { properties: object; required: string[] } }>;
};

/** The classes by name. */
const CLASSES = new Map(Object.entries(sdk));
const FOLDER = join(__dirname, "../../provider/sdk");
const TYPES: Record<string, string> = { string: "string", boolean: "boolean", integer: "number" };

/** Members of an interface or class in a file of the SDK: name, its type's text, and whether it is optional. */
function membersOf(file: string, name: string): Map<string, { type: string; optional: boolean }> {
  const text = readFileSync(join(FOLDER, `${file}.ts`), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const members = new Map<string, { type: string; optional: boolean }>();
  for (const statement of source.statements) {
    if (!ts.isInterfaceDeclaration(statement) && !ts.isClassDeclaration(statement)) continue;
    if (statement.name?.text !== name) continue;
    for (const member of statement.members) {
      const isStatic = ts.canHaveModifiers(member)
        ? ts.getModifiers(member)?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword)
        : false;
      if ((!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) || isStatic) continue;
      members.set(member.name.getText(), {
        type: member.type?.getText() ?? "",
        optional: member.questionToken !== undefined,
      });
    }
  }
  return members;
}

function fileOf(className: string): string {
  return className.replace(/(?<!^)[A-Z]/g, "-$&").toLowerCase();
}

describe("provider SDK", () => {
  for (const [token, resource] of Object.entries(schema.resources)) {
    const className = token.split(":")[2] ?? "";

    it(`${className} has the arguments of the schema, and the required ones only are required`, () => {
      const members = membersOf(fileOf(className), `${className}Args`);
      expect([...members.keys()]).to.have.members(Object.keys(resource.inputProperties));
      const required = [...members].filter(([, { optional }]) => !optional).map(([name]) => name);
      expect(required).to.have.members(resource.requiredInputs);
    });

    it(`${className} has the outputs of the schema, of the same types`, () => {
      const members = membersOf(fileOf(className), className);
      expect([...members.keys()]).to.have.members(Object.keys(resource.properties));
      for (const [name, { type }] of Object.entries(resource.properties)) {
        const text = members.get(name)?.type ?? "";
        expect(text, name).to.match(/^pulumi\.Output<.*>$/);
        if (TYPES[type]) expect(text, name).to.contain(TYPES[type]);
        if (type === "array") expect(text, name).to.contain("string[]");
      }
    });

    it(`${className} registers under its token with exactly these properties`, async () => {
      const registered: pulumi.runtime.MockResourceArgs[] = [];
      await pulumi.runtime.setMocks({
        newResource: (args) => {
          registered.push(args);
          return { id: "id", state: args.inputs };
        },
        call: () => ({}),
      });
      const args = Object.fromEntries(
        Object.keys(resource.inputProperties).map((name) => [name, `${name}-value`]),
      );
      const Class = CLASSES.get(className) as unknown as new (
        name: string,
        args: object,
      ) => pulumi.CustomResource;
      const made = new Class("x", args);
      await new Promise((resolve) => made.id.apply(resolve));
      expect(registered.map(({ type, inputs }) => [type, inputs])).to.deep.equal([[token, args]]);
      const outputs = made as unknown as Record<string, unknown>;
      for (const name of Object.keys(resource.properties)) {
        expect(pulumi.Output.isInstance(outputs[name]), name).to.equal(true);
      }
    });
  }

  it("Provider has the arguments of the schema", () => {
    const members = membersOf("provider", "ProviderArgs");
    expect([...members.keys()]).to.have.members(Object.keys(schema.provider.inputProperties));
  });

  it("has a function for every one of the schema", () => {
    const names = Object.keys(schema.functions).map((token) => token.split(":")[2]);
    expect(Object.keys(sdk)).to.include.members(names);
  });

  it("marks what must stay secret in the schema", () => {
    expect(schema.resources["ackone:fleet:Kubeconfig"]?.properties["kubeconfig"]?.secret).to.equal(true);
    expect(schema.provider.inputProperties["secretKey"]?.secret).to.equal(true);
  });
});
