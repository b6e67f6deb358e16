import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { release } from "../../../../operations/release";
import { waitFor } from "../../../../supervisor/index";
import { type Act, eventually, isAskedFor, printed, runs, type Scenario, type Stage } from "../scenario";
import { stays } from "../stays";

const web = "echoWebServer v1.0.0";
const good = `echoServer v1.0.3, ${web}`;
const versions = { bad: "v1.0.4", good: "v1.0.3" };

const releases = (version: string, ...flags: string[]): Act => ({
  act: `echo ${version} is released ${flags.join(" ")}`,
  run: ({ context }) => release.run(context, ["echo", version, "--image", "echoServer", ...flags]),
});

/** There is an image that Image Updater would take. */
const isBuilt = (version: string): Act => ({
  act: `echo-server ${version} is built`,
  async run({ context }) {
    const probe = async () => {
      const own = (await context.builds()).filter(
        ({ repository, tag }) => repository.endsWith("/echo-server") && tag === version,
      );
      return own.some(({ status }) => status === "SUCCESS")
        ? undefined
        : own.map(({ status }) => status).join();
    };
    await waitFor(`the image of ${version}`, probe, { within: 120_000, every: 500 });
  },
});

/** A call of GitHub's API by an administrator. */
const github = (what: string, method: string, path: string, body: unknown): Act => ({
  act: what,
  async run({ sandbox }) {
    const answer = await fetch(`${sandbox.github.url}/api/v3${path}`, {
      method,
      headers: { authorization: `Bearer ${sandbox.credentials.githubToken}` },
      body: JSON.stringify(body),
    });
    expect(answer.status, await answer.text()).to.be.below(300);
  },
});

const oldToken = `ghp_${randomBytes(18).toString("hex")}`;
const newToken = `ghp_${randomBytes(18).toString("hex")}`;

/**
 * After a kill, or a secret that it starts anew for a moment later: the command line doesn't try a refused connection
 * again. So it has to answer several times in a row.
 */
const argocdAnswers: Act = {
  act: "argocd-server answers",
  async run(stage) {
    let answers = 0;
    const probe = async () => {
      const before = answers;
      answers = 0;
      const { argocd, network } = stage.sandbox;
      const { status } = await network.request(`https://${argocd.address(fleetOf(stage))!.host}/healthz`);
      if (status !== 200) return `status ${status}`;
      answers = before + 1;
      return answers >= 6 ? undefined : `${answers} answers`;
    };
    await waitFor("argocd-server", probe, { within: 120_000, every: 500 });
  },
};

const fleetOf = ({ sandbox }: Stage) => sandbox.clusters.clusters().find(({ kind }) => kind === "fleet")!.id;

export const incident: Scenario[] = [
  {
    name: "takes a version that crashes out of Dev, and away from everybody else",
    document: "incident.md",
    steps: [
      releases("v1.0.4", "--broken"),
      {
        act: "its pods crash in Dev",
        run: (stage) =>
          eventually(stage, "echo", "dev", "crashes", ({ failing }) =>
            /CrashLoopBackOff/.test(failing.join()),
          ),
      },
      { paste: "Incident" },
      printed(/echo-dev/),
      { paste: "Incident #2", set: versions },
      { paste: "A bad version in Dev" },
      printed(/BackOff.*Back-off restarting failed container/),
      { paste: "A bad version in Dev #2" },
      printed(/^none$/m),
      ...[3, 4, 5].map((number) => ({ paste: `A bad version in Dev #${number}` })),
      ...["staging", "production"].map((each) => isAskedFor("echo", each, good)),
      runs("echo", "dev", good),
      stays("echo", "dev", good),
      ...["staging", "production"].map((each) => isAskedFor("echo", each, good)),
    ],
  },
  {
    name: "finds a tag whose build failed, and everything else as it was",
    document: "incident.md",
    steps: [
      releases("v1.0.5", "--fail"),
      {
        act: "the build fails",
        run: ({ context }) =>
          waitFor(
            "the build of v1.0.5",
            async () => {
              const build = (await context.builds()).find(({ tag }) => tag === "v1.0.5");
              return build?.status === "FAILED" ? undefined : (build?.status ?? "no build");
            },
            { within: 60_000 },
          ),
      },
      { paste: "Incident #2", set: versions },
      { paste: "A build fails" },
      printed(/refs\/tags\/release-v1\.0\.5/),
      stays("echo", "dev", good),
    ],
  },
  {
    name: "sees what Image Updater was told, what it sees, and what it wrote",
    document: "incident.md",
    steps: [
      { paste: "Incident #2", set: versions },
      { paste: "No tags are written back" },
      printed(/image-list: echoServer=\S+\/echo-dev\/echo-server[\s\S]*Helm\n\[".*echo-server:v1\.0\.3/),
      { paste: "No tags are written back #2" },
      printed(/echo-dev[\s\S]*build: automatic update of/),
    ],
  },
  {
    name: "restarts Image Updater with argocd-server, and the next release is written back",
    document: "incident.md",
    steps: [
      { paste: "Incident #2", set: versions },
      { paste: "No tags are written back #3" },
      printed(/successfully rolled out/),
      releases("v1.0.6"),
      runs("echo", "dev", `echoServer v1.0.6, ${web}`),
    ],
  },
  {
    name: "tells whether the deployment repository takes commits",
    document: "incident.md",
    steps: [
      { paste: "Incident #2", set: versions },
      github("somebody archives it", "PATCH", "/repos/acme/echo-deploy", { archived: true }),
      { paste: "The deployment repository refuses commits", fails: /archived|403/ },
      github("somebody unarchives it", "PATCH", "/repos/acme/echo-deploy", { archived: false }),
      { paste: "The deployment repository refuses commits" },
    ],
  },
  {
    name: "tells how the webhook fares, and makes Argo CD look without it",
    document: "incident.md",
    steps: [
      { paste: "Incident #2", set: versions },
      { paste: "The webhook fails" },
      printed(/active https:\/\/argocd\.\S+\/api\/webhook 200/),
      { paste: "The webhook fails #2" },
      argocdAnswers,
      { paste: "The webhook fails #3" },
      releases("v1.0.7"),
      runs("echo", "dev", `echoServer v1.0.7, ${web}`),
      { paste: "The webhook fails" },
      printed(/active https:\/\/argocd\.\S+\/api\/webhook 200/),
    ],
  },
  {
    name: "deploys while argocd-server is away, and sees it back",
    document: "incident.md",
    steps: [
      { paste: "Incident #2", set: versions },
      {
        act: "argocd-server is killed",
        run: async (stage) => stage.sandbox.argocd.kill(fleetOf(stage), "server"),
      },
      { paste: "Argo CD doesn't answer #2" },
      { paste: "Argo CD doesn't answer #3" },
      printed(/c[0-9a-f]{32}/),
      argocdAnswers,
      { paste: "Argo CD doesn't answer" },
      { paste: "Argo CD doesn't answer #4" },
      runs("echo", "dev", `echoServer v1.0.7, ${web}`),
    ],
  },
  {
    name: "puts a new registry password in, and the next release is written back without a restart",
    document: "incident.md",
    steps: [
      { paste: "Incident #2", set: versions },
      {
        act: "somebody sets another password in the console",
        async run({ sandbox, typist }) {
          const password = `Pw2-${randomBytes(12).toString("hex")}`;
          sandbox.alibaba.console.setRegistryPassword("acme-dev", password);
          typist.write("registry-password", `${password}\n`);
        },
      },
      releases("v1.0.8"),
      { paste: "Credentials were changed" },
      runs("echo", "dev", `echoServer v1.0.8, ${web}`),
    ],
  },
  {
    name: "puts a new Git token in, and the next release is written back without a restart",
    document: "incident.md",
    steps: [
      { paste: "Incident #2", set: versions },
      {
        act: "the deployment repository has a token of its own",
        async run({ sandbox, typist }) {
          sandbox.github.addToken(oldToken, "acme-bot");
          typist.write("deployment-token", `${oldToken}\n`);
        },
      },
      { paste: "Credentials were changed #2" },
      {
        act: "somebody revokes it, and makes a new one",
        async run({ sandbox, typist }) {
          sandbox.github.revokeToken(oldToken);
          sandbox.github.addToken(newToken, "acme-bot");
          typist.write("deployment-token", `${newToken}\n`);
        },
      },
      releases("v1.0.9"),
      { paste: "Credentials were changed #2" },
      { paste: "Credentials were changed #3" },
      printed(/Successful/),
      runs("echo", "dev", `echoServer v1.0.9, ${web}`),
    ],
  },
  {
    name: "stops all updates of a service, and lets them go on",
    document: "incident.md",
    steps: [
      { paste: "Incident #2", set: versions },
      { paste: "Stop all updates" },
      { paste: "Stop all updates #2" },
      printed(/echoServer\.ignore-tags: '\*'/),
      releases("v1.0.10"),
      isBuilt("v1.0.10"),
      stays("echo", "dev", `echoServer v1.0.9, ${web}`),
      { paste: "Stop all updates #3" },
      runs("echo", "dev", `echoServer v1.0.10, ${web}`),
    ],
  },
  {
    name: "stops the updates of one image at once",
    document: "incident.md",
    steps: [
      { paste: "Incident #2", set: versions },
      { paste: "At once, without pulumi" },
      releases("v1.0.11"),
      isBuilt("v1.0.11"),
      stays("echo", "dev", `echoServer v1.0.10, ${web}`),
      { paste: "At once, without pulumi #2" },
      { paste: "At once, without pulumi #3" },
      {
        act: "what the stack says about ignored tags is back",
        async run({ typist }) {
          const said = await typist.paste(
            'kubectl --context fleet --namespace argocd get application "$app" --output yaml | grep echoServer.ignore-tags',
          );
          expect(said).to.match(/ignore-tags: \S*v1\.0\.4/);
        },
      },
      runs("echo", "dev", `echoServer v1.0.11, ${web}`),
    ],
  },
];
