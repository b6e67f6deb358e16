import { expect } from "chai";
import type { Recording, Registration } from "../support/mocks";
import { goldenOf, tableOf } from "./golden";
import { committedStack, runProgram } from "./program";

const stacks = ["dev", "prod"] as const;

/** Everything that must be there before the resource is made, and that stays until it is gone. */
function foundationsOf(graph: Recording, name: string): Set<string> {
  const byUrn = new Map<string, Registration[]>();
  for (const resource of graph.resources) {
    byUrn.set(resource.name, [...(byUrn.get(resource.name) ?? []), resource]);
  }
  const seen = new Set<string>();
  const visit = (current: string): void => {
    for (const { dependencies, parent, provider } of byUrn.get(current) ?? []) {
      for (const next of [...dependencies, parent, provider]) {
        if (next !== undefined && !seen.has(next)) {
          seen.add(next);
          visit(next);
        }
      }
    }
  };
  visit(name);
  return seen;
}

const names = (resources: Registration[]) => resources.map(({ name }) => name);
const kind = (graph: Recording, pattern: RegExp) =>
  names(graph.resources.filter(({ type }) => pattern.test(type)));

/** Those of services. */
const applicationsOf = (graph: Recording) =>
  kind(graph, /argoproj.*:Application$/).filter((name) => !name.startsWith("argo-rollouts-"));

describe("stacks: the graph", () => {
  for (const stack of stacks) {
    describe(stack, () => {
      let graph: Recording;
      before(async () => {
        graph = await committedStack(stack);
      });

      it("has exactly the resources of the golden table", () => {
        expect(tableOf(graph)).to.deep.equal(goldenOf(stack));
      });

      it("puts every cloud resource under a component, with a name that starts with the component's", () => {
        const free = graph.resources.filter(({ custom, parent }) => custom && parent === undefined);
        expect(names(free)).to.deep.equal(["ackone"]);
        for (const { name, parent } of graph.resources) {
          expect(name).to.satisfy((text: string) => parent === undefined || text.startsWith(`${parent}-`));
        }
      });

      it("has every logical name once for a type", () => {
        const all = graph.shape();
        expect(all).to.deep.equal([...new Set(all)]);
      });

      it("registers the same in a second run, byte for byte", async () => {
        const again = await runProgram(stack);
        const sorted = ({ resources }: Recording) =>
          [...resources].sort((one, other) => (one.urn < other.urn ? -1 : 1));
        expect(JSON.stringify(sorted(again))).to.equal(JSON.stringify(sorted(graph)));
      });

      it("registers the same in the first preview, when nothing is known yet", async () => {
        const preview = await runProgram(stack, { preview: true });
        expect(tableOf(preview)).to.deep.equal(goldenOf(stack));
      });

      it("makes registry, forks and Fleet side by side", () => {
        const branch = {
          registry: /^(registry-(?!credentials)|image-.*-repository$)/,
          fleet: /^(fleet|cluster)-/,
          source: /^source-.*-repository$/,
        };
        const isCloud = (name: string) => graph.named(name).custom;
        for (const [one, pattern] of Object.entries(branch)) {
          for (const name of names(graph.resources).filter(
            (each) => pattern.test(each) && isRealOnce(graph, each),
          )) {
            const others = [...foundationsOf(graph, name)].filter((each) =>
              Object.entries(branch).some(([other, theirs]) => other !== one && theirs.test(each)),
            );
            expect(others.filter(isCloud), `${name} waits for`).to.deep.equal([]);
          }
        }
      });

      it("lets a source binding wait for its fork and its image repository only", () => {
        for (const binding of graph.of("ackone:registry:SourceBinding")) {
          const waits = [...foundationsOf(graph, binding.name)];
          expect(waits.filter((name) => /^(fleet|cluster|project)-/.test(name))).to.deep.equal([]);
          expect(waits.filter((name) => /^source-.*-repository$/.test(name))).to.have.length(1);
        }
      });

      it("can be destroyed: Applications, then credentials and projects, memberships, GitOps, the Fleet", () => {
        const attachments = kind(graph, /MembershipAttachment$/);
        const gitops = kind(
          graph,
          /^kubernetes:(core.*:(Secret|ConfigMapPatch)|argoproj.*:AppProject)$/,
        ).filter((name) => !name.includes("rollout"));
        const applications = applicationsOf(graph);
        expect(applications).to.have.length(6);
        for (const application of applications) {
          const environment = application.match(/-(\w+)-application$/)![1]!;
          const secrets = kind(graph, /:Secret$/);
          expect(foundationsOf(graph, application)).to.include.all.keys([
            ...secrets,
            "image-updater-registries",
            "image-updater-restart",
            `project-${environment}-project`,
          ]);
        }
        for (const object of gitops) {
          expect(foundationsOf(graph, object), object).to.include.all.keys(attachments);
        }
        for (const attachment of attachments) {
          expect(foundationsOf(graph, attachment)).to.include.all.keys("fleet-features");
        }
        expect(foundationsOf(graph, "fleet-features")).to.include.all.keys("fleet-cluster");
      });

      it("has controllers and image pulls in a cluster before its Applications, and until they are gone", () => {
        const clusters = stack === "dev" ? ["workloads"] : ["staging", "production"];
        for (const cluster of clusters) {
          const environments = stack === "dev" ? ["dev", "staging", "production"] : [cluster];
          for (const application of environments.map((name) => `echo-${name}-application`)) {
            expect(foundationsOf(graph, application), application).to.include.all.keys(
              `kruise-${cluster}-addon`,
              `argo-rollouts-${cluster}-application`,
              `image-pull-${cluster}-addon`,
              "rollout-rules-kruise",
            );
          }
          expect(foundationsOf(graph, `argo-rollouts-${cluster}-application`)).to.include.all.keys(
            `cluster-${cluster}-attachment`,
            `cluster-${cluster}-argocd-binding`,
            `argo-rollouts-${cluster}-argocd-binding`,
            `argo-rollouts-${cluster}-project`,
          );
        }
      });

      it("lets no Application wait for the controllers of another cluster", () => {
        const own = (application: string) =>
          stack === "dev" ? "workloads" : application.match(/-(\w+)-application$/)![1]!;
        for (const application of applicationsOf(graph)) {
          const others = [...foundationsOf(graph, application)].filter(
            (name) =>
              /^(kruise|argo-rollouts|image-pull)-/.test(name) && !name.includes(`-${own(application)}`),
          );
          expect(others, application).to.deep.equal([]);
        }
      });

      it("installs add-ons beside the Fleet: they wait for nothing but the registry that they log in to", () => {
        for (const addon of kind(graph, /KubernetesAddon$/)) {
          const waits = [...foundationsOf(graph, addon)].filter((name) => graph.named(name).custom);
          expect(waits, addon).to.deep.equal(addon.startsWith("image-pull") ? ["registry-instance"] : []);
        }
      });

      it("makes the webhook when Argo CD and the repository are there, waits for nothing else, and lets nobody wait", () => {
        const webhook = foundationsOf(graph, "deployment-webhook-repository");
        expect(webhook).to.include.all.keys(
          "deployment-webhook-secret",
          "fleet-features",
          "source-ackone-samples-echo-deploy-repository",
        );
        expect([...webhook].filter((name) => /^(cluster|registry|image|project)-/.test(name))).to.deep.equal(
          [],
        );
        const waiting = graph.resources.filter(
          ({ name }) => name !== "protection" && foundationsOf(graph, name).has("deployment-webhook-secret"),
        );
        expect(names(waiting)).to.deep.equal(["deployment-webhook-repository"]);
      });

      it("gives a destroy nothing to delete before the protection", () => {
        const first = foundationsOf(graph, "protection");
        const objects = graph.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
        expect(objects.map(({ name }) => name).filter((name) => !first.has(name))).to.deep.equal([]);
        const waiting = graph.resources.filter(({ dependencies }) => dependencies.includes("protection"));
        expect(names(waiting)).to.deep.equal([]);
      });

      it("keeps Argo CD's rights in a cluster until the Applications there are gone", () => {
        const member = stack === "dev" ? "cluster-workloads" : "cluster-production";
        expect(foundationsOf(graph, "echo-production-application")).to.include.all.keys(
          `${member}-argocd-role`,
          `${member}-argocd-binding`,
          `${member}-attachment`,
        );
      });

      it("sends Kubernetes objects to clusters of the stack only", () => {
        const objects = graph.resources.filter(({ type }) => type.startsWith("kubernetes:"));
        expect(objects).to.not.have.length(0);
        for (const { name, provider } of objects) {
          expect(provider, name).to.match(/^(fleet|cluster-\w+)-kubernetes$/);
        }
      });

      it("calls no cloud in a preview, and looks for orphans with the configured provider in an update", async () => {
        expect((await runProgram(stack, { preview: true })).lookups).to.deep.equal([]);
        const lookups = graph.invocations.filter(({ token }) => token.startsWith("ackone:"));
        expect(lookups).to.not.have.length(0);
        expect(new Set(lookups.map(({ provider }) => provider))).to.deep.equal(new Set(["ackone"]));
      });
    });
  }
});

/** Components and services may share a name with others; cloud resources never do. */
function isRealOnce(graph: Recording, name: string): boolean {
  const found = graph.resources.filter((resource) => resource.name === name);
  return found.length === 1 && found[0]!.custom;
}
