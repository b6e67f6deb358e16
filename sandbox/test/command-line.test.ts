import { expect } from "chai";
import { asksForHelp, help, readArguments } from "../command-line";
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
        readArguments({ usage, summary: "" }, args);
    expect(refused("reset", "--dry-run")).to.throw(
      '"reset" has no use for "--dry-run". Type: npm run sandbox -- reset',
    );
    expect(refused("reset", "-n")).to.throw('"reset" has no use for "-n". Type: npm run sandbox -- reset');
    expect(refused("logs [name]", "github", "dev")).to.throw(
      '"logs" has no use for "dev". Type: npm run sandbox -- logs [name]',
    );
    expect(refused("promote <service> <environment>", "echo", "staging", "--force=yes")).to.throw(
      '"promote" has no use for "--force=yes". Type: npm run sandbox -- promote <service> <environment>',
    );
  });

  it("is refused when an option lacks its value, or has one that it doesn't take", () => {
    const [rollback, release] = [operations["rollback"]!, operations["release"]!];
    expect(() => readArguments(rollback, ["echo", "dev", "--to"])).to.throw(
      `Option '--to <value>' argument missing\nType: npm run sandbox -- ${rollback.usage}`,
    );
    expect(() => readArguments(release, ["echo", "v1.0.1", "--fail=no"])).to.throw(
      `Option '--fail' does not take an argument\nType: npm run sandbox -- ${release.usage}`,
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

  it("is explained with each of its options", () => {
    expect(help({ usage: "reset", summary: "forget everything" })).to.equal(
      "npm run sandbox -- reset\nforget everything",
    );
    expect(help(operations["rollback"]!).split("\n")).to.deep.equal([
      "npm run sandbox -- rollback <service> <environment> [--to <version>] [--in git | --forward]",
      "go back: by Argo CD's history, in Git with the bad tag ignored, or forward with a revert",
      "  --to <version>     what to go back to; --forward: the new version (default: the one before)",
      "  --in git           set the tag back in the deployment repository, and ignore the bad one",
      "  --forward          revert the sources and release that as a new version",
    ]);
  });

  it("is read by its command's description", () => {
    const words = (usage: string, ...args: string[]) => readArguments({ usage, summary: "" }, args).words;
    expect(words("reset")).to.deep.equal([]);
    expect(words("logs [name]")).to.deep.equal([]);
    expect(words("logs [name]", "github")).to.deep.equal(["github"]);
    expect(words("repo add <owner/name> <src>", "add", "acme/mine", "../mine")).to.deep.equal([
      "add",
      "acme/mine",
      "../mine",
    ]);
    const args = ["echo", "--image", "echoServer", "v1.0.1", "--fail", "--image=echoWebServer"];
    const read = readArguments(operations["release"]!, args);
    expect(read.words).to.deep.equal(["echo", "v1.0.1"]);
    expect({ ...read.options }).to.deep.equal({ fail: true, image: ["echoServer", "echoWebServer"] });
  });

  for (const [name, { usage, options = {} }] of Object.entries(operations)) {
    it(`says in the usage of ${name} which options there are, and which take a value`, () => {
      const named = [...usage.matchAll(/--([a-z-]+)( [<a-z])?/g)];
      expect(usage.split(" ")[0]).to.equal(name);
      expect(named.map(([, option, value]) => [option, value ? "string" : "boolean"]).sort()).to.deep.equal(
        Object.entries(options)
          .map(([option, { type }]) => [option, type])
          .sort(),
      );
    });
  }
});
