import { expect } from "chai";
import { adviceFor } from "../../engine/advice";

const advice = (message: string) => adviceFor(message, "/s/engine/dev", "/s/engine");

describe("advice after a run that was killed or refused", () => {
  it("names the command that removes its lock", () => {
    expect(advice("error: the stack is currently locked by 1 lock(s).")).to.match(
      /\n {2}\(cd '\/s\/engine\/dev' && \. '\/s\/engine\/env\.sh' && pulumi cancel --yes\)$/,
    );
  });

  it("names each command that adopts something once, where to type it included", () => {
    const message =
      "exists already. Adopt it with\n      pulumi import 'a' 'b' 'c'\n then\n  pulumi import 'a' 'b' 'c'\n";
    expect(advice(message)?.split("\n").slice(2)).to.deep.equal([
      "  (cd '/s/engine/dev' && . '/s/engine/env.sh' && pulumi import 'a' 'b' 'c')",
    ]);
  });

  it("names the file beside the state that was cut off", () => {
    expect(advice("error: failed to load checkpoint: EOF")).to.match(
      /\n {2}rm '\/s\/engine\/\.pulumi\/stacks\/ackone-delivery\/dev\.json\.attrs'$/,
    );
  });

  it("says the same when half of that file is there", () => {
    const half =
      'error: failed to load checkpoint: blob (key ".pulumi/stacks/ackone-delivery/dev.json") (code=Unknown): unexpected EOF';
    expect(advice(half)).to.equal(advice("error: failed to load checkpoint: EOF"));
  });

  it("looks into the clouds for an add-on that is in the state only", () => {
    const message =
      "ResourceNotfound:\n    The specified alicloud_cs_kubernetes_addon ack-kruise is not found.:\n";
    expect(advice(message)).to.match(
      /^The add-on ack-kruise isn't on its cluster.*\n\n {2}\(cd '\/s\/engine\/dev' && \. '\/s\/engine\/env\.sh' && pulumi up --refresh --yes\)$/s,
    );
  });

  it("is silent about anything else, also about a state that can't be read for another reason", () => {
    expect(advice("error: update failed")).to.equal(undefined);
    expect(advice("error: failed to load checkpoint: permission denied")).to.equal(undefined);
  });
});
