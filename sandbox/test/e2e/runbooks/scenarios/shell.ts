import type { Scenario } from "../scenario";
import { printed } from "../scenario";

export const shell: Scenario[] = [
  {
    name: "gives a new operator a shell that reaches everything",
    document: "README.md",
    steps: [
      { paste: "The shell" },
      { paste: "The shell #2" },
      printed(/fleet[\s\S]*workloads/),
      { paste: "The shell #3" },
      printed(/argocd-server: v3[\s\S]*echo-staging[\s\S]*echo-production/),
    ],
  },
];
