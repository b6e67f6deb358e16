import { expect } from "chai";
import { withoutSourceMaps } from "../../stacks/source-maps";

describe("stacks/source-maps", () => {
  const mapped: { prepareStackTrace?: unknown } = Error;
  const before = mapped.prepareStackTrace;
  const hook = () => "mapped";
  beforeEach(() => {
    mapped.prepareStackTrace = hook;
  });
  afterEach(() => {
    mapped.prepareStackTrace = before;
  });

  it("maps no stack of calls inside", () => {
    expect(withoutSourceMaps(() => new Error("inside").stack)).to.contain("Error: inside\n");
  });

  it("maps the stack of an error that comes out", () => {
    const fail = () =>
      withoutSourceMaps(() => {
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
