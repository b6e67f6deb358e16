import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import {
  ImageUpdaterSettings,
  type ImageUpdaterSettingsArgs,
} from "../../../components/gitops/image-updater-settings";
import { renderRegistriesConf } from "../../../components/gitops/registries-conf";
import { failureOf, record, unknown } from "../../support/mocks";
import { unknownOutput } from "../../support/unknown";

const host = "acme-registry-vpc.cn-hangzhou.cr.aliyuncs.com";

/** All keys that Image Updater v0.12 knows in an entry; with any other it ignores the file. */
const knownKeys = [
  "name",
  "api_url",
  "prefix",
  "ping",
  "credentials",
  "credsexpire",
  "tagsortmode",
  "insecure",
  "defaultns",
  "limit",
  "default",
];

const build = (registry: Partial<ImageUpdaterSettingsArgs["registry"]> = {}) =>
  new ImageUpdaterSettings("updater", {
    registry: { host, credentials: "secret:argocd/acr#acr", ...registry },
  });

describe("components/gitops/image-updater-settings", () => {
  it("patches the hosted ConfigMap and replaces nothing", async () => {
    const graph = await record(() => build());
    expect(graph.shape()).to.deep.equal([
      "ackone:gitops:ImageUpdaterSettings updater",
      "kubernetes:apps/v1:DeploymentPatch updater-restart",
      "kubernetes:core/v1:ConfigMapPatch updater-registries",
    ]);
    const patch = graph.named("updater-registries");
    expect(patch.parent).to.equal("updater");
    expect(patch.inputs.metadata).to.deep.equal({
      name: "argocd-image-updater-config",
      namespace: "argocd",
      annotations: {
        "pulumi.com/patchForce": "true",
        "pulumi.com/patchFieldManager": "ackone-delivery-registries",
      },
    });
    expect(Object.keys(patch.inputs.data as object)).to.deep.equal(["registries.conf"]);
  });

  it("writes one entry for the registry's host, with credentials that don't outlive a cycle", async () => {
    const graph = await record(() => build());
    const data = graph.named("updater-registries").inputs.data as Record<string, string>;
    expect(parse(data["registries.conf"]!)).to.deep.equal({
      registries: [
        {
          name: "Alibaba Cloud Container Registry",
          api_url: `https://${host}`,
          prefix: host,
          credentials: "secret:argocd/acr#acr",
          credsexpire: "1m",
          insecure: false,
        },
      ],
    });
  });

  const restart = async (registry: Partial<ImageUpdaterSettingsArgs["registry"]> = {}) =>
    (await record(() => build(registry))).named("updater-restart");
  const annotationsOf = ({ inputs }: { inputs: Record<string, unknown> }) =>
    (inputs.spec as { template: { metadata: { annotations: Record<string, string> } } }).template.metadata
      .annotations;

  it("restarts the pods in which Image Updater runs, after the settings are there", async () => {
    const patch = await restart();
    expect(patch.inputs.metadata).to.deep.equal({
      name: "argocd-server",
      namespace: "argocd",
      annotations: {
        "pulumi.com/patchForce": "true",
        "pulumi.com/patchFieldManager": "ackone-delivery-registries-restart",
      },
    });
    expect(Object.keys(annotationsOf(patch))).to.deep.equal(["ackone-delivery/registries"]);
    expect(annotationsOf(patch)["ackone-delivery/registries"]).to.match(/^[0-9a-f]{16}$/);
    expect(patch.dependencies).to.deep.equal(["updater-registries"]);
    expect(patch.customTimeouts).to.deep.equal({ create: "5m", update: "5m" });
    expect(patch.retainOnDelete, "its deletion would restart them once more").to.equal(true);
  });

  it("restarts them for other settings, and not for the same", async () => {
    const first = annotationsOf(await restart());
    expect(annotationsOf(await restart())).to.deep.equal(first);
    for (const change of [{ host: `other-${host}` }, { credentialsExpire: "2m" }]) {
      expect(annotationsOf(await restart(change)), JSON.stringify(change)).not.to.deep.equal(first);
    }
  });

  it("leaves the restart to others when it is told to", async () => {
    const args = { registry: { host, credentials: "secret:argocd/acr#acr" }, restartOnChange: false };
    const graph = await record(() => new ImageUpdaterSettings("updater", args));
    expect(graph.shape()).to.deep.equal([
      "ackone:gitops:ImageUpdaterSettings updater",
      "kubernetes:core/v1:ConfigMapPatch updater-registries",
    ]);
  });

  it("can reach the registry's API at another address than the images name", async () => {
    const graph = await record(() => build({ apiUrl: "https://192.168.0.5:5000", credentialsExpire: "15m" }));
    const data = graph.named("updater-registries").inputs.data as Record<string, string>;
    const [entry] = parse(data["registries.conf"]!).registries;
    expect(entry).to.include({ api_url: "https://192.168.0.5:5000", prefix: host, credsexpire: "15m" });
  });

  it("uses only keys that Image Updater knows", () => {
    const entry = {
      host,
      apiUrl: `https://${host}`,
      credentials: "secret:argocd/acr#acr",
      credentialsExpire: "1h",
    };
    const file = parse(renderRegistriesConf(entry));
    expect(Object.keys(file)).to.deep.equal(["registries"]);
    for (const key of Object.keys(file.registries[0])) {
      expect(knownKeys).to.include(key);
    }
  });

  it("gives the same text in every run", () => {
    const entry = {
      host,
      apiUrl: `https://${host}`,
      credentials: "secret:argocd/acr#acr",
      credentialsExpire: "1h",
    };
    expect(renderRegistriesConf(entry)).to.equal(renderRegistriesConf({ ...entry }));
  });

  it("registers the patch in a preview in which the host isn't known yet", async () => {
    const preview = await record(() => build({ host: unknownOutput() }), { preview: true });
    expect(preview.shape()).to.deep.equal((await record(() => build())).shape());
    expect(preview.named("updater-registries").inputs.data).to.deep.equal({ "registries.conf": unknown });
    expect(annotationsOf(preview.named("updater-restart"))).to.deep.equal({
      "ackone-delivery/registries": unknown,
    });
  });

  const notHost =
    "is not a registry's host name; give it without https:// and without a path, like acme-registry.cn-hangzhou.cr.aliyuncs.com";
  const bad: [Partial<ImageUpdaterSettingsArgs["registry"]>, string][] = [
    [{ host: `https://${host}` }, `updater.registry.host: "https://${host}" ${notHost}`],
    [{ host: `${host}/echo` }, `updater.registry.host: "${host}/echo" ${notHost}`],
    [{ host: "acme" }, `updater.registry.host: "acme" ${notHost}`],
    [
      { apiUrl: host },
      `updater.registry.apiUrl: "${host}" is not the address of a registry; use https:// and a host, without a path`,
    ],
    [
      { apiUrl: `https://${host}/v2/` },
      `updater.registry.apiUrl: "https://${host}/v2/" is not the address of a registry; use https:// and a host, without a path`,
    ],
    [
      { credentials: "argocd/acr" },
      'updater.registry.credentials: "argocd/acr" is not a reference to a Secret; use secret:<namespace>/<name>#<key>',
    ],
    [
      { credentialsExpire: "60" },
      'updater.registry.credentialsExpire: "60" is not a duration; use hours, minutes or seconds, like 1h or 30m',
    ],
    [
      { credentialsExpire: "0h" },
      'updater.registry.credentialsExpire: "0h" is not a duration; use hours, minutes or seconds, like 1h or 30m',
    ],
  ];
  for (const [registry, message] of bad) {
    it(`refuses ${JSON.stringify(registry)}`, async () => {
      expect(await failureOf(() => build(registry))).to.equal(message);
    });
  }

  it("refuses a wrong host as soon as it is known", async () => {
    expect(await failureOf(() => build({ host: pulumi.output("acme/echo") }))).to.contain(
      `updater.registry.host: "acme/echo" ${notHost}`,
    );
  });
});
