import { release as releaseOperation } from "../../../../operations/release";
import { textOf } from "../blocks";
import type { Act, Paste, Scenario } from "../scenario";
import { isAskedFor, isHeeded, isStopped, printed, runs } from "../scenario";

/** A new version of one image is written back for an environment, and deployed up to its canary's first step. */
const releaseTo = (
  service: string,
  alias: string,
  environment: string,
  version: string,
  asked: string,
): Act[] => [
  {
    act: `${service} ${version} is released`,
    run: ({ context }) => releaseOperation.run(context, [service, version, "--image", alias]),
  },
  isAskedFor(service, environment, asked),
  {
    act: `${service}-${environment} is synced`,
    async run({ typist }) {
      await typist.paste(`argocd app sync ${service}-${environment}`);
    },
  },
];

const block = (wanted: string) => textOf("canary.md", wanted);

const kruise: Paste = { paste: "Kruise Rollout" };
const argo: Paste = { paste: "Argo Rollouts" };
const web = "echoWebServer v1.0.0";

export const canary: Scenario[] = [
  {
    name: "approves a canary of Kruise in Argo CD",
    document: "canary.md",
    steps: [
      kruise,
      isStopped("echo", "staging", "v1.0.1"),
      { paste: "See where it stands" },
      printed(
        /echo-server:v1\.0\.0[\s\S]*echo-server:v1\.0\.1|echo-server:v1\.0\.1[\s\S]*echo-server:v1\.0\.0/,
      ),
      { paste: "Approve it" },
      isHeeded("echo", "staging", block("Approve it")),
      { paste: "Approve it #3" },
      runs("echo", "staging", `echoServer v1.0.1, ${web}`),
    ],
  },
  {
    name: "approves a canary of Kruise on the member cluster",
    document: "canary.md",
    steps: [
      { ...kruise, set: { environment: "production" } },
      {
        act: "echo-production is synced",
        async run({ typist }) {
          await typist.paste('argocd app sync "$app"');
        },
      },
      { paste: "See where it stands" },
      isStopped("echo", "production", "v1.0.1"),
      { paste: "Approve it #2" },
      isHeeded("echo", "production", block("Approve it #2")),
      { paste: "Approve it #3" },
      runs("echo", "production", `echoServer v1.0.1, ${web}`),
    ],
  },
  {
    name: "ends a canary of Kruise with all pods of the old version",
    document: "canary.md",
    steps: [
      kruise,
      ...releaseTo("echo", "echoServer", "staging", "v1.0.2", `echoServer v1.0.2, ${web}`),
      { paste: "See where it stands" },
      { paste: "End it" },
      { paste: "End it #2" },
      runs("echo", "staging", `echoServer v1.0.1, ${web}`),
    ],
  },
  {
    name: "lets a canary of Argo Rollouts go on in Argo CD",
    document: "canary.md",
    steps: [
      argo,
      ...releaseTo("greeter", "greeter", "staging", "v3.0.1", "v3.0.1"),
      { paste: "See where that stands" },
      isStopped("greeter", "staging", "v3.0.1"),
      { paste: "Let it go on" },
      { paste: "Let it go on #3" },
      runs("greeter", "staging", "v3.0.1"),
    ],
  },
  {
    name: "lets a canary of Argo Rollouts go on on the member cluster",
    document: "canary.md",
    steps: [
      argo,
      ...releaseTo("greeter", "greeter", "staging", "v3.0.2", "v3.0.2"),
      { paste: "See where that stands" },
      { paste: "Let it go on #2" },
      { paste: "Let it go on #3" },
      runs("greeter", "staging", "v3.0.2"),
    ],
  },
  {
    name: "aborts a canary of Argo Rollouts and ends healthy on the old version",
    document: "canary.md",
    steps: [
      argo,
      ...releaseTo("greeter", "greeter", "staging", "v3.0.3", "v3.0.3"),
      { paste: "See where that stands" },
      { paste: "Abort it" },
      { paste: "Abort it #2" },
      runs("greeter", "staging", "v3.0.2"),
    ],
  },
];
