import { expect } from "chai";
import { forEnvironment } from "../../../components/delivery/template";
import { thrown } from "../../support/thrown";

describe("components/delivery/template", () => {
  it("puts the environment's name in, everywhere", () => {
    expect(forEnvironment("helm", "a/${environment}/values-${environment}.yaml", "dev")).to.equal(
      "a/dev/values-dev.yaml",
    );
    expect(forEnvironment("helm", "charts/echo", "dev")).to.equal("charts/echo");
  });

  for (const [text, variable] of [
    ["values-${env}.yaml", "${env}"],
    ["values-$environment.yaml", "$environment.yaml"],
    ["values-${environment", "${environment"],
  ] as const) {
    it(`refuses ${text}`, () => {
      expect(thrown(() => forEnvironment("helm", text, "dev"))).to.equal(
        `helm: "${text}" has the unknown variable ${variable} in it; only \${environment} is replaced`,
      );
    });
  }
});
