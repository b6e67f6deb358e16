import { expect } from "chai";
import { withoutCallStacks } from "../../stacks/call-stacks";

describe("stacks/call-stacks", () => {
  const mapped: { prepareStackTrace?: unknown } = Error;
  const before = mapped.prepareStackTrace;
  const hook = () => "mapped";
  beforeEach(() => {
    mapped.prepareStackTrace = hook;
  });
  afterEach(() => {
    mapped.prepareStackTrace = before;
  });

  it("has no frames inside", () => {
    expect(withoutCallStacks(() => new Error("inside").stack)).to.equal("Error: inside");
  });

  it("leaves an error that comes out its frames", () => {
    const fail = () =>
      withoutCallStacks(() => {
        throw new Error("out");
      });
    expect(fail).to.throw("out");
    try {
      fail();
    } catch (error) {
      expect((error as Error).stack).to.equal("mapped");
    }
    expect(mapped.prepareStackTrace).to.equal(hook);
  });
});
