import { expect } from "chai";
import { asksForHelp, checkArguments } from "../command-line";
import { type OperatorContext, operations } from "../operations";

describe("A command line", () => {
  it("asks for help by a word or an option, wherever that is", () => {
    for (const args of [["help"], ["-h"], ["--help"], ["reset", "-h"], ["release", "echo", "--help"]]) {
      expect(asksForHelp(args), args.join(" ")).to.equal(true);
    }
    for (const args of [[], ["reset"], ["status", "help"], ["logs", "h"]]) {
      expect(asksForHelp(args), args.join(" ")).to.equal(false);
    }
  });

  it("is refused with what its command has no use for, before that forgets everything", () => {
    const refused =
      (usage: string, ...args: string[]) =>
      () =>
        checkArguments(usage, args);
    expect(refused("reset", "--dry-run")).to.throw(
      '"reset" has no use for "--dry-run". Type: npm run sandbox -- reset',
    );
    expect(refused("logs [name]", "github", "dev")).to.throw(
      '"logs" has no use for "dev". Type: npm run sandbox -- logs [name]',
    );
    expect(refused("promote <service> <environment>", "echo", "staging", "--force")).to.throw(
      '"promote" has no use for "--force". Type: npm run sandbox -- promote <service> <environment>',
    );
  });

  it("of a command with options is refused with a third word, before a rollback goes elsewhere than was meant", async () => {
    const context = {} as OperatorContext; // nothing is asked for
    const refused = async (command: string, ...args: string[]) =>
      operations[command]!.run(context, args).then(
        () => "nothing",
        ({ message }: Error) => message,
      );
    expect(await refused("rollback", "greeter", "staging", "v1.0.0")).to.equal(
      `"rollback" has no use for "v1.0.0". Type: npm run sandbox -- ${operations["rollback"]!.usage}`,
    );
    expect(await refused("release", "echo", "v1.0.1", "greeter", "--fail")).to.equal(
      `"release" has no use for "greeter". Type: npm run sandbox -- ${operations["release"]!.usage}`,
    );
  });

  it("is taken with what its usage names", () => {
    checkArguments("reset", []);
    checkArguments("logs [name]", []);
    checkArguments("logs [name]", ["github"]);
    checkArguments("repo add <owner/name> <src>", ["add", "acme/mine", "../mine"]);
    checkArguments("release <service> <version> [--fail]", ["echo", "v1.0.1", "--fail"]);
  });
});
