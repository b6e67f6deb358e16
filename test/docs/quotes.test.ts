import { expect } from "chai";
import { explain } from "../../components/adoption";
import { CloudError } from "../../provider/openapi/error";
import { blocksOf, textOf } from "./markdown";

describe("The documents quote", () => {
  it("what the program says about an account that isn't bound", () => {
    const [, quote] = /^ *> (The source code account.*)$/m.exec(textOf("docs/console-steps.md"))!;
    const { message } = CloudError.of({
      action: "CreateRepoSourceCodeRepo",
      code: "SOURCE_ACCOUNT_NOT_BOUND",
      statusCode: 200,
    });
    expect(message).to.contain(quote);
  });

  it("what the program says about something that an interrupted run left", () => {
    const [quote] = blocksOf(textOf("docs/troubleshooting.md"), "");
    const said = explain(
      'ACK One Fleet "acme-dev"',
      "alicloud:ackone/cluster:Cluster",
      "fleet-cluster",
      ["c0123"],
      "urn:pulumi:dev::ackone-delivery::ackone:fleet:Fleet::fleet",
    );
    expect(quote!.replaceAll(/^ {3}/gm, "").trimEnd().split("\n")).to.deep.equal(said);
  });
});
