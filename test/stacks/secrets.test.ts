import { expect } from "chai";
import { opensshKey, rsaKey } from "../support/keys";
import type { Recording } from "../support/mocks";
import { outputOf } from "../support/mocks";
import { committedStack, runProgram } from "./program";
import { planted, project, stackFile } from "./stack-file";

/** Paths of the inputs that hold a value, as it is or in base64. */
function pathsWith(value: unknown, wanted: string[], path = ""): string[] {
  if (typeof value === "string") {
    const decoded = Buffer.from(value, "base64").toString("utf8");
    return wanted.some((each) => value.includes(each) || decoded.includes(each)) ? [path] : [];
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) =>
    pathsWith(item, wanted, Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key),
  );
}

/** Fails when a value stands in an input that isn't marked secret; returns where all of them stand. */
function expectSecret({ resources }: Recording, values: string[]): string[] {
  return resources.flatMap(({ name, inputs, secrets }) =>
    pathsWith(inputs, values).map((path) => {
      const marked = secrets.some((secret) => path === secret || path.startsWith(`${secret}.`));
      expect(marked, `${name}: ${path} is a secret`).to.equal(true);
      return `${name} ${path}`;
    }),
  );
}

const change = (path: string, value: unknown) => (config: Record<string, unknown>) => {
  const [group, key] = path.split(".") as [string, string];
  (config[`${project}:${group}`] as Record<string, unknown>)[key] = value;
};

describe("stacks: secrets", () => {
  for (const stack of ["dev", "prod"] as const) {
    it(`are marked wherever they stand (${stack})`, async () => {
      const graph = await committedStack(stack);
      expect(expectSecret(graph, Object.values(planted)).sort()).to.deep.equal([
        "deployment-credentials-secret data.password",
        "deployment-webhook-repository configuration.secret",
        "deployment-webhook-secret data.webhook.github.secret",
        "registry-credentials-secret data.acr",
      ]);
    });

    it(`aren't in the stack's file (${stack})`, () => {
      const text = JSON.stringify(stackFile(stack));
      expect(text).to.not.match(/password|secretKey|privateKey|BEGIN|ghp_|LTAI/i);
    });
  }

  it("hides kubeconfigs in every input and in the output", async () => {
    const graph = await committedStack("dev");
    const found = expectSecret(graph, ["kind: Config"]);
    expect(found.sort()).to.deep.equal([
      "cluster-workloads-kubernetes kubeconfig",
      "fleet-kubernetes kubeconfig",
    ]);
    expect(await outputOf(graph.result.kubeconfig)).to.include({ secret: true });
    expect(await outputOf(graph.result.memberKubeconfig)).to.include({ secret: true });
  });

  it("shows no other output as a secret", async () => {
    const { kubeconfig: _, memberKubeconfig: __, ...others } = (await committedStack("dev")).result;
    expect((await outputOf(others)).secret).to.equal(false);
  });

  it("takes an SSH key, a GitHub App and a write-back token, and marks them", async () => {
    const ssh = await runProgram("dev", {
      change: (config) => {
        change("deployment.credentials", { type: "ssh" })(config);
        delete config[`${project}:deploymentToken`];
        config[`${project}:deploymentSshKey`] = opensshKey();
      },
      secrets: [`${project}:deploymentSshKey`],
    });
    expect(expectSecret(ssh, ["PRIVATE KEY"])).to.deep.equal([
      "deployment-credentials-secret data.sshPrivateKey",
    ]);
    const app = await runProgram("dev", {
      change: (config) => {
        change("deployment.credentials", { type: "githubApp", appId: "1", installationId: "2" })(config);
        change("deployment.writeBack", { method: "secret" })(config);
        delete config[`${project}:deploymentToken`];
        config[`${project}:deploymentAppKey`] = rsaKey();
        config[`${project}:writeBackToken`] = "planted-write-back";
      },
      secrets: [`${project}:deploymentAppKey`, `${project}:writeBackToken`],
    });
    expect(expectSecret(app, ["PRIVATE KEY", "planted-write-back"]).sort()).to.deep.equal([
      "deployment-credentials-secret data.githubAppPrivateKey",
      "write-back-credentials-secret data.password",
    ]);
  });

  it("gives the provider the credentials of the alicloud keys, marked", async () => {
    const graph = await runProgram("dev", {
      change: (config) => {
        config["alicloud:accessKey"] = "planted-id";
        config["alicloud:secretKey"] = "planted-key";
        config["alicloud:securityToken"] = "planted-sts";
        config["alicloud:protocol"] = "HTTP";
        config["alicloud:endpoints"] = [{ cr: "127.0.0.1:1", cs: "127.0.0.1:2" }];
      },
      secrets: ["alicloud:secretKey", "alicloud:securityToken"],
    });
    const provider = graph.one("pulumi:providers:ackone");
    expect(provider.secrets).to.include.members(["accessKey", "secretKey", "securityToken"]);
    expect(provider.inputs).to.deep.include({
      region: "cn-hangzhou",
      protocol: "HTTP",
      accessKey: "planted-id",
    });
    expect(JSON.stringify(provider.inputs.endpoints)).to.contain("127.0.0.1:2");
  });
});
