import { expect } from "chai";
import { Secret, UNKNOWN, type Values } from "../../../../provider/plugin/values";
import { renderKubeconfig } from "../../../kubernetes/api/kubeconfig";
import { diffSettings, readSettings } from "../../../kubernetes/plugin/settings";

const kubeconfig = (port: number, cert = "CERT"): Values => ({
  kubeconfig: new Secret(
    renderKubeconfig("c1", { server: `https://127.0.0.1:${port}`, ca: "CA", user: "u", cert, key: "KEY" }),
  ),
});
const changes = (olds: Values, news: Values) => diffSettings(olds, news).properties;

describe("the configuration of the kubernetes provider", () => {
  it("is read from a secret kubeconfig and flags in either form", () => {
    const settings = readSettings(
      { ...kubeconfig(1), enablePatchForce: "true", upsertExistingObjects: true },
      {},
    );
    expect(settings).to.include({
      enablePatchForce: true,
      upsertExistingObjects: true,
      enableSecretMutable: false,
    });
    expect(settings.connection?.server).to.equal("https://127.0.0.1:1");
    expect(readSettings(kubeconfig(1), { PULUMI_K8S_ENABLE_PATCH_FORCE: "true" }).enablePatchForce).to.equal(
      true,
    );
  });

  it("says why it can't be used, without the kubeconfig's text", () => {
    expect(readSettings({}, {}).unusable).to.equal(
      "the provider has no kubeconfig; the stand-in takes none from the surroundings",
    );
    expect(readSettings({ kubeconfig: new Secret("top: secret") }, {}).unusable).to.equal(
      'the kubeconfig has no context ""',
    );
  });

  it("is the same while nothing has changed", () => {
    expect(changes(kubeconfig(1), kubeconfig(1))).to.deep.equal({});
  });

  it("is updated by a renewed certificate", () => {
    expect(changes(kubeconfig(1), kubeconfig(1, "NEW"))).to.deep.equal({ kubeconfig: "update" });
  });

  it("is replaced by another server, or one that isn't known yet", () => {
    expect(changes(kubeconfig(1), kubeconfig(2))).to.deep.equal({ kubeconfig: "update-replace" });
    expect(changes(kubeconfig(1), { kubeconfig: UNKNOWN })).to.deep.equal({ kubeconfig: "update-replace" });
  });

  it("with a cluster identifier is replaced by another identifier and nothing else", () => {
    const identified = (values: Values, clusterIdentifier: string) => ({ ...values, clusterIdentifier });
    expect(changes(identified(kubeconfig(1), "c1"), identified({ kubeconfig: UNKNOWN }, "c1"))).to.deep.equal(
      {
        kubeconfig: "update",
      },
    );
    expect(changes(identified(kubeconfig(1), "c1"), identified(kubeconfig(1), "c2"))).to.deep.equal({
      clusterIdentifier: "update-replace",
    });
  });
});
