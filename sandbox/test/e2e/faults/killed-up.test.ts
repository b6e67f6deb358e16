import { existsSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { adviceFor } from "../../../engine/advice";
import { type Engine, openEngine } from "../../../engine/engine";
import { attributesOf } from "../../../engine/state-attributes";
import type { Sandbox } from "../../../sandbox";
import { installationsEnded } from "../support/account";
import { comparable, differences } from "../support/comparable";
import { inSteps } from "../support/in-steps";
import { killUp } from "../support/killed-run";
import { deleteHook } from "../support/on-github";
import { printedCommands, typed } from "../support/printed-commands";
import { type Run, run, succeed } from "../support/runs";
import { useSandbox } from "../support/test-sandbox";

const vpc = { vpcId: "vpc-bp1devplatform00000001", vSwitchId: "vsw-bp1devplatform00000001" };

/** The dev stack with a linked VPC, so that every kind of resource has its turn. */
const open = ({ info }: Sandbox) =>
  openEngine(info, "dev", {
    edit: (config) => {
      const registry = config["ackone-delivery:registry"] as Record<string, unknown>;
      config["ackone-delivery:registry"] = { ...registry, vpcLinks: [vpc], pullFrom: "internet" };
    },
  });

/**
 * One `up` that is killed again and again, always while clouds have done something of which the engine doesn't know.
 * The tests build on each other; a second sandbox, on which nothing happens to `up`, says what there should be.
 */
describe("pulumi up, killed with SIGKILL", () => {
  inSteps();
  let reference: Promise<unknown> | undefined;
  let engine: Engine;

  // Before the sandboxes stop: an engine whose clouds are gone would go on trying.
  after(() => reference?.catch(() => {}));

  const sandbox = useSandbox();
  const undisturbed = useSandbox();

  before(async () => {
    engine = await open(sandbox());
    reference = open(undisturbed()).then((other) => succeed(other, "up"));
    reference.catch(() => {});
  });

  afterEach(() => {
    sandbox().setFault({});
  });

  const calls = (action: string) =>
    sandbox()
      .alibaba.calls()
      .filter((call) => call.action === action);
  const worked = (action: string) => calls(action).filter(({ code }) => /^(success|200)$/i.test(code));

  /** Holds back the answers to these actions; the work is done. */
  const answerLate = (...actions: string[]) => {
    for (const action of actions) sandbox().setFault({ alibaba: { action, kind: "lateReply", ms: 300_000 } });
  };

  const killWhenWorkedOn = (...actions: string[]) => {
    const before = new Map(actions.map((action) => [action, worked(action).length]));
    const again = (action: string) => worked(action).length > (before.get(action) ?? 0);
    return killUp(engine, `${actions.join(", ")} were worked on`, () => actions.every(again));
  };

  const webhook = { method: "POST", path: "/repos/*/*/hooks" };

  /**
   * Keeps the webhook and all Kubernetes objects for later tests. From the first run on that could get it: with a
   * kubeconfig in the state, the next run makes the webhook and all objects before it ends with other errors.
   */
  const withoutKubeconfig = (kind: "hang" | "deny") =>
    sandbox().setFault({ alibaba: { action: "DescribeHubClusterKubeconfig", kind } });

  /** What a reader of the message does next; then the stack can be used again. */
  const removeLock = () => typed(engine, "pulumi cancel --yes");

  /** The names that the printed commands adopt, after each was typed as it stood there. */
  const adopt = async (refused: Run): Promise<string[]> => {
    expect(refused.error).to.be.a("string");
    const commands = printedCommands(refused.output);
    for (const command of commands) await typed(engine, command);
    return commands.map((command) => /^pulumi import '[^']+' '([^']+)'/.exec(command)?.[1] ?? command).sort();
  };

  it("leaves a lock, and the next run says how to remove it", async () => {
    const actions = ["CreateInstance", "CreateHubCluster", "InstallClusterAddons"];
    answerLate(...actions);
    sandbox().setFault({ github: { method: "POST", path: "/repos/*/*/forks", replyDelay: 300_000 } });
    await killUp(engine, "the instance, the Fleet, an add-on and a fork were made", async () => {
      const { repositories } = await sandbox().github.dump();
      const forked = repositories.some(({ forkOf }) => forkOf !== "");
      return forked && actions.every((action) => worked(action).length > 0);
    });
    await installationsEnded(sandbox());
    sandbox().setFault({});

    const locked = await run(engine, "up");
    expect(locked.output).to.contain("the stack is currently locked by 1 lock(s)");
    expect(locked.output).to.contain("delete the lock file with `pulumi cancel`");
    const advice = adviceFor(locked.output, engine.folder, sandbox().home.engine);
    await typed(engine, advice!.trim().split("\n").at(-1)!);
  });

  it("may leave half of what is noted about the state, and the next run says what to remove", async () => {
    const attributes = attributesOf(sandbox().home.engine, "dev");
    writeFileSync(attributes, "");
    const unread = await run(engine, "up");
    expect(unread.output).to.contain("failed to load checkpoint: EOF");
    const advice = adviceFor(unread.output, engine.folder, sandbox().home.engine);
    await typed(engine, advice!.trim().split("\n").at(-1)!);
    expect(existsSync(attributes)).to.equal(false);
  });

  it("while the instance, the Fleet and a fork are made: each is named with the one command that adopts it, an add-on is joined", async () => {
    const refused = await run(engine, "up");
    expect(refused.output).to.contain('The ACR instance "acme-dev" exists already, but not in this stack');
    expect(refused.output).to.contain('The ACK One Fleet "acme-dev" exists already, but not in this stack');
    expect(refused.output).to.match(
      /The GitHub repository "acme\/[\w-]+" exists already, but not in this stack/,
    );
    const adopted = await adopt(refused);
    expect(adopted).to.have.length(3);
    expect(adopted).to.include.members(["fleet-cluster", "registry-instance"]);
  });

  it("while the features of the Fleet and the endpoint are switched: nothing is left to do", async () => {
    for (const action of ["CreateNamespace", "CreateInstanceVpcEndpointLinkedVpc"]) {
      sandbox().setFault({ alibaba: { action, kind: "hang" } });
    }
    withoutKubeconfig("hang");
    answerLate("UpdateHubClusterFeature", "UpdateInstanceEndpointStatus");
    await killWhenWorkedOn("UpdateHubClusterFeature", "UpdateInstanceEndpointStatus");
    await removeLock();
  });

  it("while the namespace, an allowed range, a VPC link and the membership are made: adopted or joined", async () => {
    const actions = [
      "CreateNamespace",
      "CreateInstanceVpcEndpointLinkedVpc",
      "CreateInstanceEndpointAclPolicy",
      "AttachClusterToHub",
    ];
    withoutKubeconfig("hang");
    answerLate(...actions);
    await killWhenWorkedOn(...actions);
    await removeLock();

    sandbox().setFault({});
    withoutKubeconfig("deny");
    expect(await adopt(await run(engine, "up"))).to.deep.equal([
      "registry-allow-198.51.100.0-24",
      "registry-namespace",
      "registry-vpc-vpc-bp1devplatform00000001",
    ]);
    expect((await sandbox().github.dump()).hooks).to.deep.equal([]);
  });

  it("while image repositories and Applications are made: repositories are adopted, objects go on", async () => {
    answerLate("CreateRepository");
    // Keeps the webhook for a test of its own.
    sandbox().setFault({ github: { ...webhook, hang: true } });
    const fleet = sandbox().alibaba.dump().fleets[0]!.id;
    await killUp(engine, "the repositories and an Application were made", async () => {
      if (worked("CreateRepository").length < 3) return false;
      const objects = await sandbox().clusters.objects(fleet);
      return (await objects.list("argoproj.io/v1alpha1", "Application", "argocd")).length > 0;
    });
    await removeLock();

    sandbox().setFault({});
    sandbox().setFault({ github: { ...webhook, status: 403, message: "Not yet" } });
    expect(await adopt(await run(engine, "up"))).to.deep.equal([
      "image-echo-server-repository",
      "image-echo-web-server-repository",
      "image-greeter-repository",
    ]);
  });

  it("while sources are bound and, once more, while build rules are made: nothing is left to do", async () => {
    for (const action of ["CreateRepoSourceCodeRepo", "CreateRepoBuildRule"]) {
      answerLate(action);
      sandbox().setFault({ github: { ...webhook, hang: true } });
      await killWhenWorkedOn(action);
      await removeLock();
      sandbox().setFault({});
    }
  });

  it("while the webhook is made: GitHub refuses another one until it is deleted on its page", async () => {
    sandbox().setFault({ github: { ...webhook, replyDelay: 300_000 } });
    const hooks = async () => (await sandbox().github.dump()).hooks;
    await killUp(engine, "the webhook was made", async () => (await hooks()).length > 0);
    await removeLock();

    sandbox().setFault({});
    const { output } = await run(engine, "up");
    expect(output, output).to.contain("Hook already exists on this repository");
    await deleteHook(sandbox(), "acme/echo-deploy");
    expect(await hooks()).to.deep.equal([]);
  });

  it("converges with the next up", async () => {
    await succeed(engine, "up");
  });

  it("has nothing left to do, and one command ends the warning about what was cut off", async () => {
    const warning = /pending operations from previous deployment/;
    expect((await succeed(engine, "up", { expectNoChanges: true })).output).to.match(warning);
    await typed(engine, "pulumi refresh --clear-pending-creates --yes --skip-preview");
    expect((await succeed(engine, "up", { expectNoChanges: true })).output).to.not.match(warning);
  });

  it("leaves what an undisturbed up leaves: nothing is missing, nothing is there twice", async () => {
    await reference;
    const [held, wanted] = await Promise.all([sandbox().holdings(), undisturbed().holdings()]);
    expect(differences(comparable(held), comparable(wanted))).to.deep.equal([]);
    const made = (action: string) => [action, worked(action).length];
    expect(
      [
        "CreateInstance",
        "CreateHubCluster",
        "CreateNamespace",
        "CreateRepository",
        "CreateRepoBuildRule",
        "InstallClusterAddons",
      ].map(made),
    ).to.deep.equal([
      ["CreateInstance", 1],
      ["CreateHubCluster", 1],
      ["CreateNamespace", 1],
      ["CreateRepository", 3],
      ["CreateRepoBuildRule", 3],
      ["InstallClusterAddons", 2],
    ]);
  });
});
