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
