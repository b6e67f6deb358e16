import { expect } from "chai";
import * as fc from "fast-check";
import {
  fromWire,
  hasUnknown,
  revealAll,
  Secret,
  seal,
  toWire,
  UNKNOWN,
  type Value,
} from "../../provider/plugin/values";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

describe("provider values", () => {
  it("read and write secrets and unknowns as the engine does", () => {
    const wire = {
      secret: { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: "x" },
      unknown: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      list: [{ deep: { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: { a: 1 } } }],
    };
    const values = { secret: new Secret("x"), unknown: UNKNOWN, list: [{ deep: new Secret({ a: 1 }) }] };
    expect(fromWire(wire)).to.deep.equal(values);
    expect(toWire(values)).to.deep.equal(wire);
  });

  it("read output values, known or not, secret or not", () => {
    const output = { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" };
    expect(
      fromWire({ a: output, b: { ...output, value: 1 }, c: { ...output, value: "x", secret: true } }),
    ).to.deep.equal({ a: UNKNOWN, b: 1, c: new Secret("x") });
  });

  it("come back from the wire as they went, whatever they are", () => {
    const { value } = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Value>(null, true, false, UNKNOWN),
        fc.string(),
        fc.integer(),
        tie("value").map((inner) => new Secret(inner)),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        expect(fromWire(JSON.parse(JSON.stringify(toWire({ given }))))).to.deep.equal({ given });
      }),
    );
  });

  it("remember which properties had a secret at any depth, and seal them as a whole", () => {
    const { values, secrets } = revealAll({ a: { b: [new Secret("x")] }, c: "y", d: null });
    expect(values).to.deep.equal({ a: { b: ["x"] }, c: "y" });
    expect([...secrets]).to.deep.equal(["a"]);
    expect(seal(values, secrets)).to.deep.equal({ a: new Secret({ b: ["x"] }), c: "y" });
  });

  it("are unknown when any part of them is", () => {
    expect([{ a: [UNKNOWN] }, [UNKNOWN], UNKNOWN].map((value) => hasUnknown(value))).to.deep.equal([
      true,
      true,
      true,
    ]);
    expect([{ a: [1] }, [], "x", undefined].map((value) => hasUnknown(value))).to.deep.equal([
      false,
      false,
      false,
      false,
    ]);
  });
});
