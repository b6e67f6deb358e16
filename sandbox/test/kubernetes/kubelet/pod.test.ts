import { expect } from "chai";
import { commandOf, knownExit } from "../../../kubernetes/kubelet/pod";

const image = { entrypoint: ["/server"], cmd: ["--port", "8080"] };
const container = { name: "app", image: "x" };

describe("the command of a container", () => {
  for (const [what, given, expected] of [
    ["the image's, when the pod says nothing", {}, ["/server", "--port", "8080"]],
    ["with the pod's arguments instead of the image's", { args: ["--debug"] }, ["/server", "--debug"]],
    ["the pod's, without the image's arguments", { command: ["/bin/false"] }, ["/bin/false"]],
    [
      "the pod's with the pod's arguments",
      { command: ["sh"], args: ["-c", "exit 2"] },
      ["sh", "-c", "exit 2"],
    ],
  ] as const) {
    it(`is ${what}`, () => {
      expect(commandOf({ ...container, ...given } as never, image)).to.deep.equal(expected);
    });
  }

  for (const [command, code] of [
    [["/bin/false"], 1],
    [["false"], 1],
    [["/usr/bin/true"], 0],
    [["/bin/sh", "-c", "exit 3"], 3],
    [["bash", "-c", " exit 0 "], 0],
    [["/bin/sh", "-c", "exit 3; echo"], undefined],
    [["/falsehood"], undefined],
    [["/server"], undefined],
    [[], undefined],
  ] as const) {
    it(`${JSON.stringify(command)} ends with ${code ?? "nobody knows what"}`, () => {
      expect(knownExit([...command])).to.equal(code);
    });
  }
});
