import { expect } from "chai";
import { openEngine } from "../../../engine/engine";
import { run } from "../support/runs";
import { useSandbox } from "../support/test-sandbox";

type Config = Record<string, Record<string, unknown>>;
type Secrets = Record<string, string | undefined>;

const key = (name: string) => `ackone-delivery:${name}`;

/** Every rule has its unit test; these go through the whole engine. */
const mistakes: [what: string, edit: (config: Config) => void, sentence: string, secrets?: Secrets][] = [
  [
    "an unknown edition",
    (config) => {
      config[key("registry")]!["instance"] = { name: "acme-dev", edition: "Gold" };
    },
    'registry.instance.edition: "Gold" is not an edition of ACR Enterprise; use Basic, Standard or Advanced',
  ],
  [
    "a key that nobody knows",
    (config) => {
      config[key("fleet")]!["colour"] = "blue";
    },
    "fleet.colour: ",
  ],
  [
    "an environment without a cluster",
    (config) => {
      config[key("environments")]!["dev"] = { cluster: "nowhere", namespace: "echo-dev", sync: "automatic" };
    },
    'environments.dev.cluster: "nowhere" ',
  ],
  ["a missing secret", () => {}, "registryPassword: ", { [key("registryPassword")]: undefined }],
];

describe("a wrong configuration", () => {
  const sandbox = useSandbox();

  for (const [what, edit, sentence, secrets] of mistakes) {
    it(`is refused by pulumi up before any cloud hears of it: ${what}`, async () => {
      const engine = await openEngine(sandbox().info, "dev", {
        // Setting the secrets takes longer than the test: those with all of them share a folder.
        folder: secrets ? "lacking" : "complete",
        edit: (config) => edit(config as Config),
        ...(secrets && { secrets }),
      });
      const { error, output } = await run(engine, "up");
      expect(error).to.be.a("string");
      expect(output).to.contain(sentence);
      expect(output).to.not.match(/^\s+at .*:\d+:\d+/m);
      expect(sandbox().alibaba.calls()).to.deep.equal([]);
      expect(sandbox().github.calls()).to.deep.equal([]);
    });
  }
});
