import { EventEmitter } from "node:events";
import { expect } from "chai";
import { endWithEngine } from "../../stacks/lost-engine";

describe("stacks/lost-engine", () => {
  it("ends the program when what it says reaches nobody, instead of saying so for ever", () => {
    const stderr = new EventEmitter();
    const codes: number[] = [];
    endWithEngine(stderr, (code) => codes.push(code));
    expect(codes).to.deep.equal([]);
    stderr.emit("error", new Error("write EPIPE"));
    expect(codes).to.deep.equal([1]);
  });
});
