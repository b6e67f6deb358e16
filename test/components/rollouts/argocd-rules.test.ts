import { expect } from "chai";
import { parse } from "yaml";
import { kruiseDifferences, RolloutRules } from "../../../components/rollouts/argocd-rules";
import { actionsLua, discoveryLua, healthLua } from "../../../components/rollouts/kruise-lua";
import { record } from "../../support/mocks";

describe("components/rollouts/argocd-rules", () => {
  it("patches two keys of argocd-cm under its own field manager", async () => {
    const graph = await record(() => new RolloutRules("rules"));
    expect(graph.shape()).to.deep.equal([
      "ackone:rollouts:RolloutRules rules",
      "kubernetes:core/v1:ConfigMapPatch rules-kruise",
    ]);
    const { metadata, data } = graph.named("rules-kruise").inputs;
    expect(metadata).to.deep.equal({
      name: "argocd-cm",
      namespace: "argocd",
      annotations: {
        "pulumi.com/patchForce": "true",
        "pulumi.com/patchFieldManager": "ackone-delivery-rollout-rules",
      },
    });
    expect(data).to.have.all.keys(
      "resource.customizations.health.rollouts.kruise.io_Rollout",
      "resource.customizations.actions.rollouts.kruise.io_Rollout",
    );
  });

  it("hands the scripts over as they are", async () => {
    const graph = await record(() => new RolloutRules("rules"));
    const data = graph.named("rules-kruise").inputs.data as Record<string, string>;
    expect(data["resource.customizations.health.rollouts.kruise.io_Rollout"]).to.equal(healthLua);
    expect(parse(data["resource.customizations.actions.rollouts.kruise.io_Rollout"]!)).to.deep.equal({
      "discovery.lua": discoveryLua,
      definitions: [
        { name: "approve", "action.lua": actionsLua.approve },
        { name: "promote-full", "action.lua": actionsLua["promote-full"] },
      ],
    });
  });

  it("ignores what Kruise writes, and nothing of the pods", () => {
    const pointers = kruiseDifferences.flatMap(({ jsonPointers = [] }) => jsonPointers);
    expect(pointers).to.deep.equal(["/spec/paused", "/spec/strategy"]);
  });
});
