import { expect } from "chai";
import { type SyncMode, syncPolicy } from "../../../components/delivery/sync-policy";
import { thrown } from "../../support/thrown";

describe("components/delivery/sync-policy", () => {
  it("prunes and heals in environments that follow Git by themselves", () => {
    expect(syncPolicy("sync", "automatic")).to.deep.equal({
      automated: { prune: true, selfHeal: true },
      syncOptions: ["CreateNamespace=true"],
    });
  });

  it("leaves out what a manual environment doesn't have, because Argo CD removes empty objects", () => {
    expect(syncPolicy("sync", "manual")).to.deep.equal({ syncOptions: ["CreateNamespace=true"] });
  });

  it("refuses another mode", () => {
    expect(thrown(() => syncPolicy("environments.dev.sync", "auto" as SyncMode))).to.equal(
      'environments.dev.sync: "auto" is not a sync mode; use automatic or manual',
    );
  });
});
