import { expect } from "chai";
import { readHistory } from "../../../../operations/history";
import { versionText } from "../../../../operations/images";
import { observe } from "../../../../operations/observe";
import { textOf } from "../blocks";
import type { Act, Scenario } from "../scenario";
import { eventually, isAskedFor, isHeeded, isStopped, isSynced, printed, runs } from "../scenario";
import { stays } from "../stays";

const web = "echoWebServer v1.0.0";
const bad = `echoServer v1.0.2, ${web}`;
const good = `echoServer v1.0.1, ${web}`;
const versions = { bad: "v1.0.2", good: "v1.0.1" };

const approval =
  'argocd app actions run "$app" approve --kind Rollout --group rollouts.kruise.io --resource-name echo-server';

const promotion = textOf("rollback.md", "(a) By Argo CD's history #3");

const typed = (what: string, commands: string): Act => ({
  act: what,
  async run({ typist }) {
    await typist.paste(commands);
  },
});

/** What its reader finds in the list: the last line but one. */
const theOneBefore = '$(argocd app history "$app" --output id | tail -n 2 | head -n 1)';

/** Nobody does anything meanwhile. */
const flippedBack: Act = {
  act: "echo-dev has been on the good version, and is back on the bad one",
  async run(stage) {
    const count = async () => (await observe(stage.context, "echo", "dev")).application.status?.history ?? [];
    const before = (await count()).at(-1)!.id;
    // Two deployments: the one of the commit by hand may be over already.
    await eventually(
      stage,
      "echo",
      "dev",
      "is back on the bad version",
      ({ application, live }, { kind }) =>
        kind === "arrived" &&
        versionText(live) === bad &&
        application.status!.history!.at(-1)!.id >= before + 1,
    );
    const history = await readHistory(stage.context, await observe(stage.context, "echo", "dev"));
    expect(history.slice(-2).map(({ versions }) => versionText(versions))).to.deep.equal([good, bad]);
  },
};

export const rollback: Scenario[] = [
  {
    name: "(a) goes back by Argo CD's history, and stays there",
    document: "rollback.md",
    steps: [
      { paste: "Rollback", set: versions },
      isAskedFor("echo", "staging", bad),
      typed("the bad version is deployed", 'argocd app sync "$app"'),
      isStopped("echo", "staging", "v1.0.2"),
      typed("and approved", approval),
      isHeeded("echo", "staging", approval),
      runs("echo", "staging", bad),
      { paste: "(a) By Argo CD's history" },
      printed(
        /echo-server:v1\.0\.1 echo-web-server:v1\.0\.0\n.*echo-server:v1\.0\.2 echo-web-server:v1\.0\.0$/,
      ),
      { paste: "(a) By Argo CD's history #2", set: { id: theOneBefore } },
      isStopped("echo", "staging", "v1.0.1"),
      { paste: "(a) By Argo CD's history #3" },
      isHeeded("echo", "staging", promotion),
      { paste: "(a) By Argo CD's history #4" },
      runs("echo", "staging", good),
      stays("echo", "staging", good),
    ],
  },
  {
    name: "goes back in Dev only until Image Updater's next round, when only the file is set back",
    document: "rollback.md",
    steps: [
      { paste: "Rollback", set: { ...versions, environment: "dev" } },
      runs("echo", "dev", bad),
      { paste: "(b) In Git, with the bad tag ignored #3" },
      printed(/-\s+value: v1\.0\.2\n\+\s+value: v1\.0\.1/),
      { paste: "(b) In Git, with the bad tag ignored #4" },
      flippedBack,
      runs("echo", "dev", bad),
    ],
  },
  {
    name: "(b) goes back in Git where Argo CD deploys by itself, and stays there",
    document: "rollback.md",
    steps: [
      { paste: "Rollback", set: { ...versions, environment: "dev" } },
      { paste: "(b) In Git, with the bad tag ignored" },
      printed(/^none$/m),
      { paste: "(b) In Git, with the bad tag ignored #2" },
      { paste: "(b) In Git, with the bad tag ignored #3" },
      { paste: "(b) In Git, with the bad tag ignored #4" },
      runs("echo", "dev", good),
      { paste: "(b) In Git, with the bad tag ignored #6" },
      stays("echo", "dev", good),
    ],
  },
  {
    name: "(b) goes back in Git where a person deploys, and stays there",
    document: "rollback.md",
    steps: [
      { paste: "Rollback", set: versions },
      { paste: "(b) In Git, with the bad tag ignored" },
      { paste: "(b) In Git, with the bad tag ignored #2" },
      { paste: "(b) In Git, with the bad tag ignored #3" },
      { paste: "(b) In Git, with the bad tag ignored #4" },
      { paste: "(b) In Git, with the bad tag ignored #5" },
      runs("echo", "staging", good),
      stays("echo", "staging", good),
      isAskedFor("echo", "staging", good),
      isSynced("echo", "staging"),
    ],
  },
  {
    name: "(c) goes forward with the bad commits taken back, and stays there",
    document: "rollback.md",
    steps: [
      { paste: "Rollback", set: { ...versions, environment: "dev" } },
      { paste: "(c) Forward", set: { next: "v1.0.3" } },
      runs("echo", "dev", `echoServer v1.0.3, ${web}`),
      stays("echo", "dev", `echoServer v1.0.3, ${web}`),
    ],
  },
];
