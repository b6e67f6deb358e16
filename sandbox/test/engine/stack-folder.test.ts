import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { layOutStackFolder } from "../../engine/stack-folder";
import type { SandboxInfo } from "../../world/info";

const info = {
  alibaba: { http: "127.0.0.1:2", https: "127.0.0.1:3" },
  github: { url: "http://127.0.0.1:4" },
} as SandboxInfo;

describe("engine/stack-folder", () => {
  let root: string;
  let project: string;
  let folder: string;
  const source = "config:\n  alicloud:region: cn-hangzhou\n  ackone-delivery:platform: acme\n";

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "stack-folder-"));
    project = join(root, "project");
    folder = join(root, "engine", "dev");
    mkdirSync(join(project, "components"), { recursive: true });
    writeFileSync(join(project, "index.ts"), "");
    writeFileSync(join(project, "Pulumi.dev.yaml"), source);
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const copy = () => parse(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8"));

  it("links the project's own files and adds provider settings to a copy of the stack's file", () => {
    layOutStackFolder(project, folder, "dev", info);
    expect(realpathSync(join(folder, "index.ts"))).to.equal(realpathSync(join(project, "index.ts")));
    expect(copy()).to.deep.equal({
      config: {
        "alicloud:region": "cn-hangzhou",
        "ackone-delivery:platform": "acme",
        "alicloud:accountType": "Domestic",
        "alicloud:skipRegionValidation": true,
        "alicloud:protocol": "HTTP",
        "alicloud:endpoints": [
          {
            cr: "127.0.0.1:2",
            bssopenapi: "127.0.0.1:2",
            location: "127.0.0.1:2",
            sts: "127.0.0.1:2",
            kms: "127.0.0.1:2",
            cs: "127.0.0.1:3",
          },
        ],
        "github:baseUrl": "http://127.0.0.1:4/",
      },
    });
    expect(readFileSync(join(project, "Pulumi.dev.yaml"), "utf8")).to.equal(source);
    expect(statSync(join(folder, "Pulumi.dev.yaml")).mode & 0o777).to.equal(0o600);
  });

  it("keeps the secrets and the salt of an earlier run, and takes everything else from the project", () => {
    layOutStackFolder(project, folder, "dev", info);
    const before = copy();
    before.encryptionsalt = "v1:salt";
    before.config["ackone-delivery:registryPassword"] = { secure: "v1:x" };
    before.config["ackone-delivery:platform"] = "changed by hand";
    writeFileSync(join(folder, "Pulumi.dev.yaml"), JSON.stringify(before));
    layOutStackFolder(project, folder, "dev", info, (config) => {
      config["ackone-delivery:protect"] = true;
    });
    expect(copy().encryptionsalt).to.equal("v1:salt");
    expect(copy().config).to.include({ "ackone-delivery:platform": "acme", "ackone-delivery:protect": true });
    expect(copy().config["ackone-delivery:registryPassword"]).to.deep.equal({ secure: "v1:x" });
  });
});
