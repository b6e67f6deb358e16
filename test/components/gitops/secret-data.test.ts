import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { checkedSecret, lineRule, secretData } from "../../../components/gitops/secret-data";
import { failureOf, outputOf } from "../../support/mocks";

describe("components/gitops/secret-data", () => {
  it("encodes every value and marks it secret, plain ones too", async () => {
    const { user, password } = secretData({ user: "reader", password: pulumi.secret("grün") });
    expect(await outputOf(user!)).to.deep.equal({ value: "cmVhZGVy", known: true, secret: true });
    expect(await outputOf(password!)).to.deep.equal({ value: "Z3LDvG4=", known: true, secret: true });
  });

  it("checks a secret without showing it, at once or when it is known", async () => {
    const message =
      "token starts or ends with a space or a line break, or has a control character in it; remove it";
    for (const value of ["hunter2\n", pulumi.secret("hunter2\n")]) {
      expect(await failureOf(() => checkedSecret("token", value, lineRule))).to.equal(message);
    }
  });

  it("keeps a plain value secret that it has checked", async () => {
    expect(await outputOf(checkedSecret("token", "hunter2", lineRule))).to.include({
      secret: true,
      value: "hunter2",
    });
  });
});
