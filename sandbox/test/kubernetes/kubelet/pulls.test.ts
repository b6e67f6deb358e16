import { expect } from "chai";
import type { Objects } from "../../../kubernetes/api/objects";
import type { Pod } from "../../../kubernetes/kubelet/pod";
import { loginsIn, Pulls } from "../../../kubernetes/kubelet/pulls";
import { hostOf, isElsewhere } from "../../../kubernetes/kubelet/registries";
import type { Login, PulledImage } from "../../../kubernetes/ports";

const host = "acme-registry.cn-hangzhou.cr.aliyuncs.com";
const ok: PulledImage = { kind: "ok", entrypoint: [], cmd: [], env: [], labels: {} };

function pod(namespace: string, spec: Partial<Pod["spec"]> = {}): Pod {
  const metadata = { name: "p", namespace, uid: "1" };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [], ...spec } };
}

function secret(auths: unknown) {
  const text = typeof auths === "string" ? auths : JSON.stringify({ auths });
  const data = { ".dockerconfigjson": Buffer.from(text).toString("base64") };
  return { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, data };
}

describe("registries", () => {
  for (const [image, expected] of [
    ["busybox", "docker.io"],
    ["bitnami/nginx:1.2", "docker.io"],
    ["localhost/x", "localhost"],
    ["127.0.0.1:5000/x:v1", "127.0.0.1:5000"],
    [`${host}/a/b:v1`, host],
  ] as const) {
    it(`${image} comes from ${expected}`, () => expect(hostOf(image)).to.equal(expected));
  }

  it("are elsewhere when they are public ones that everybody knows, and only then", () => {
    const public_ = ["busybox", "quay.io/argoproj/x:v1", "registry.cn-hangzhou.aliyuncs.com/acs/alpine"];
    for (const image of public_) expect(isElsewhere(image), image).to.equal(true);
    for (const image of [`${host}/a/b:v1`, "acme-registry.cn-hangzhou.cr.aliyuncs.con/a/b", "quay.io.evil/x"])
      expect(isElsewhere(image), image).to.equal(false);
  });
});

describe("logins in a pull secret", () => {
  it("are those of the host, with user and password or both in one", () => {
    const auth = Buffer.from("robot:pa:ss").toString("base64");
    expect(loginsIn(secret({ [`https://${host}/v1/`]: { auth }, other: { auth } }), host)).to.deep.equal([
      { user: "robot", password: "pa:ss" },
    ]);
    const split = secret({ [host]: { username: "u", password: "p" } });
    expect(loginsIn(split, host)).to.deep.equal([{ user: "u", password: "p" }]);
  });

  it("are none in a secret that can't be read", () => {
    expect(loginsIn(secret("no json"), host)).to.deep.equal([]);
    expect(loginsIn({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" } }, host)).to.deep.equal([]);
  });
});

describe("the credential helper", () => {
  const config = (watchNamespace?: string, serviceAccount?: string, instanceId = "cri-1") =>
    JSON.stringify({
      AcrInstanceInfo: [{ instanceId, regionId: "cn-hangzhou" }],
      watchNamespace,
      serviceAccount,
    });
  const loginOf = async (from: Pod, addonConfig: string): Promise<Login | undefined> => {
    let used: Login | undefined;
    const pulls = new Pulls({
      objects: {
        get: async () => secret({ [host]: { username: "own", password: "p" } }),
      } as unknown as Objects,
      images: {
        async pull(_, credentials) {
          used = credentials;
          return ok;
        },
      },
      logins: {
        instanceOf: (name) => (name === host ? "cri-1" : undefined),
        login: (instanceId) => ({ user: "temporary", password: instanceId }),
      },
      addons: () => [
        { name: "managed-aliyun-acr-credential-helper", version: "v24.11.4.0", config: addonConfig },
      ],
    });
    await pulls.pull(from, `${host}/a/b:v1`);
    return used;
  };
  const helped = { user: "temporary", password: "cri-1" };

  it("serves the account default in the namespace default, unless it's told otherwise", async () => {
    expect(await loginOf(pod("default"), config())).to.deep.equal(helped);
    expect(await loginOf(pod("echo-dev"), config())).to.equal(undefined);
  });

  it("serves the namespaces and accounts that it's told", async () => {
    expect(await loginOf(pod("echo-dev"), config("a, echo-dev"))).to.deep.equal(helped);
    expect(await loginOf(pod("echo-dev"), config("all"))).to.deep.equal(helped);
    const account = pod("default", { serviceAccountName: "echo" });
    expect(await loginOf(account, config())).to.equal(undefined);
    expect(await loginOf(account, config("default", "*"))).to.deep.equal(helped);
  });

  it("has nothing for an instance that isn't listed", async () => {
    expect(await loginOf(pod("default"), config("all", "*", "cri-2"))).to.equal(undefined);
  });

  it("leaves pods with secrets of their own alone", async () => {
    const own = pod("default", { imagePullSecrets: [{ name: "s" }] });
    expect(await loginOf(own, config())).to.deep.equal({ user: "own", password: "p" });
  });
});
