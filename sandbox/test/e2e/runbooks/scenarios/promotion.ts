import type { Scenario } from "../scenario";
import { isStopped, printed } from "../scenario";

export const promotion: Scenario[] = [
  {
    name: "takes the version of Dev to the first step of Staging's canary",
    document: "promotion.md",
    steps: [
      { paste: "Promotion" },
      { paste: "1. See what would change" },
      printed(/OutOfSync[\s\S]*echo-server:v1\.0\.0[\s\S]*echo-server:v1\.0\.1/),
      { paste: "2. Deploy" },
      { paste: "3. See it arrive" },
      isStopped("echo", "staging", "v1.0.1"),
    ],
  },
];
