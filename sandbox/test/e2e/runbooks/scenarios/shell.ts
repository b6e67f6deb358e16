import type { Scenario } from "../scenario";
import { printed } from "../scenario";

export const shell: Scenario[] = [
  {
    name: "gives a new operator a shell that reaches everything",
    document: "README.md",
    steps: [
      { paste: "The shell" },
      { paste: "The shell #2" },
      {
        act: "the member's kubeconfig is downloaded",
        async run({ sandbox, typist }) {
          const member = sandbox.clusters.clusters().find(({ kind }) => kind === "member")!;
          const { yaml } = await sandbox.clusters.kubeconfig(member.id, "operator", 3600);
          typist.write("workloads.kubeconfig", yaml);
        },
      },
      { paste: "The shell #3" },
      printed(/fleet[\s\S]*workloads/),
      { paste: "The shell #4" },
      printed(/argocd-server: v3[\s\S]*echo-staging[\s\S]*echo-production/),
    ],
  },
];
