import type { Scenario } from "../scenario";
import { printed, runs } from "../scenario";

export const release: Scenario[] = [
  {
    name: "brings a tagged version to Dev",
    document: "release.md",
    steps: [
      { paste: "Release" },
      { paste: "1. Tag" },
      { paste: "3. See it written back" },
      printed(/echo-server:v1\.0\.1/),
      { paste: "4. See it in Dev" },
      printed(/echo-server-\S+ +\S+echo-server:v1\.0\.1/),
      runs("echo", "dev", "echoServer v1.0.1, echoWebServer v1.0.0"),
    ],
  },
  {
    name: "brings a push to a release branch to Dev, named after its commit",
    document: "release.md",
    steps: [
      { paste: "Release", set: { service: "greeter", repository: "acme/greeter", version: "v2.9.0" } },
      {
        act: "greeter gets a build rule for branches",
        async run({ typist }) {
          const rules = "services.greeter.images.greeter.build.rules";
          await typist.paste(`pulumi config set --path '${rules}[0].on' tag
pulumi config set --path '${rules}[1].on' branch
pulumi config set --path '${rules}[1].pattern' 'release-(?<line>v\\d+)'
pulumi config set --path '${rules}[1].imageTag' '\${line}-\${commit}'
pulumi up --yes --skip-preview`);
        },
      },
      { paste: "A release line by branch" },
      { paste: "3. See it written back" },
      printed(/greeter:v3-[0-9a-f]{6}/),
      { paste: "4. See it in Dev" },
      printed(/greeter-\S+ +\S+greeter:v3-[0-9a-f]{6}/),
    ],
  },
];
