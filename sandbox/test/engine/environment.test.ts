import { expect } from "chai";
import { engineEnvironment } from "../../engine/environment";
import type { Credentials } from "../../world/credentials";
import type { SandboxInfo } from "../../world/info";

const info: SandboxInfo = {
  pid: 1,
  home: "/home/me/.sandbox",
  control: "http://127.0.0.1:1",
  alibaba: { http: "127.0.0.1:2", https: "127.0.0.1:3" },
  github: { url: "http://127.0.0.1:4" },
  proxy: "http://127.0.0.1:3",
  caBundle: "/home/me/.sandbox/ca.pem",
  engineBin: "/tools/bin",
  engineEnvironment: { PULUMI_HOME: "/tools/home", PULUMI_IGNORE_AMBIENT_PLUGINS: "true" },
};
const credentials: Credentials = {
  accessKeyId: "id",
  accessKeySecret: "secret",
  githubToken: "token",
  registryUser: "user",
  registryPassword: "password",
  webhookSecret: "webhook",
  passphrase: "phrase",
  controlToken: "control",
};

describe("engine/environment", () => {
  const environment = (caller: NodeJS.ProcessEnv) => engineEnvironment(info, credentials, "/phrase", caller);

  it("blanks whatever could lead to a real account, cluster or backend", () => {
    const dangerous = [
      "ALICLOUD_ACCESS_KEY",
      "ALICLOUD_REGION",
      "ALIBABA_CLOUD_SECURITY_TOKEN",
      "ALIBABACLOUD_PROFILE",
      "ALIBABA_CLOUD_ENDPOINT_CR",
      "GITHUB_BASE_URL",
      "GITHUB_APP_ID",
      "GH_TOKEN",
      "KUBECONFIG",
      "PULUMI_ACCESS_TOKEN",
      "PULUMI_CONFIG_PASSPHRASE",
      "PULUMI_BACKEND",
      "TF_ENDPOINT_PATH",
      "CR_ENDPOINT",
      "ADCP_ENDPOINT",
      "HTTPS_PROXY",
      "https_proxy",
      "ALL_PROXY",
    ];
    const made = environment(Object.fromEntries(dangerous.map((name) => [name, "real"])));
    expect(Object.entries(made).filter(([, value]) => value === "real")).to.deep.equal([]);
    expect(dangerous.map((name) => made[name])).to.deep.equal(dangerous.map(() => ""));
  });

  it("points the providers at the emulators by the variables of a real account", () => {
    expect(environment({ PATH: "/usr/bin" })).to.deep.equal({
      PATH: "/tools/bin:/usr/bin",
      PULUMI_HOME: "/tools/home",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
      PULUMI_BACKEND_URL: "file:///home/me/.sandbox/engine",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/phrase",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
      ALIBABA_CLOUD_ACCESS_KEY_ID: "id",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret",
      ALIBABA_CLOUD_ENDPOINT_ADCP: "127.0.0.1:2",
      GITHUB_TOKEN: "token",
      SSL_CERT_FILE: "/home/me/.sandbox/ca.pem",
      NO_PROXY: "127.0.0.1,localhost",
      no_proxy: "127.0.0.1,localhost",
    });
  });
});
