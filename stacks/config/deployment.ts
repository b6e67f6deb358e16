/** `ackone-delivery:deployment`: the Git repository with charts, overlays and written-back tags. */
import * as z from "zod/mini";
import { branchRule, sharedBranchRule } from "../../components/delivery/write-back";
import { fullNameRule, repositoryRule } from "../../components/source/names";
import { choice, flag, group, tagged, text, variant } from "./fields";

/** `owner/name` of a repository on GitHub. */
export const fullName = text({
  doc: "The repository on GitHub.",
  is: "a repository on GitHub",
  use: "use owner/name, like ackone-samples/echo-server",
  rules: [fullNameRule],
  example: "ackone-samples/echo-server",
});

export const repositoryName = text({
  doc: "Name of the fork.",
  is: "a name of a GitHub repository",
  use: "use 1 to 100 letters, digits, dots, dashes and underscores",
  rules: [repositoryRule],
  defaultDoc: "the name of the forked repository",
  example: "echo-server",
});

const branch = z._default(
  text({
    doc: "The branch that is deployed, and that new tags are committed to.",
    is: "a branch",
    use: "use the name of a branch, like main",
    rules: [branchRule],
    example: "main",
  }),
  "main",
);

/**
 * What a fork is like; its owner is `github:owner`.
 *
 * @param more What this kind of repository has besides.
 */
export function fork<S extends z.core.$ZodLooseShape>(what: string, more: S) {
  return group(`A fork of ${what}, made in the account github:owner.`, {
    fork: fullName,
    name: z.optional(repositoryName),
    description: z.optional(
      text({
        doc: "What GitHub shows about the fork.",
        is: "a description",
        use: "use one line of at most 350 characters",
        pattern: /^[^\r\n]{1,350}$/,
      }),
    ),
    ...more,
    visibility: z._default(
      choice(["public", "private"], {
        doc: "Who may read the fork. GitHub allows a private fork only of a private repository.",
        is: "a visibility",
      }),
      "public",
    ),
    archiveOnDestroy: z._default(
      flag(
        "Archives the fork instead of deleting it when it is removed from the stack or the stack is destroyed.",
      ),
      true,
    ),
  });
}

export function existing<S extends z.core.$ZodLooseShape>(what: string, more: S) {
  return group(`${what} that is there already. It is never changed or deleted.`, {
    existing: fullName,
    ...more,
  });
}

const username = z._default(
  text({
    doc: "User name that goes with the token. GitHub accepts any.",
    is: "a user name",
    use: "use one word, like x-access-token",
    pattern: /^[^\s:@/]{1,100}$/,
  }),
  "x-access-token",
);

const writeBackBranch = z.optional(
  text({
    doc: "A branch for every change, for a pull request. Argo CD sees a new tag only when the branch has been merged. A Go template; {{.SHA256}} stands for the change, and ${application} for the Application.",
    is: "a template for a branch",
    use: "use a template like image-updater/${application}-{{.SHA256}}",
    rules: [sharedBranchRule],
    defaultDoc: "none: new tags are committed to repository.branch",
    example: "image-updater/${application}-{{.SHA256}}",
  }),
);

const appNumber = (doc: string) =>
  text({
    doc,
    is: "a number of a GitHub App",
    use: "copy it from the App's settings page, in quotes",
    pattern: /^[1-9]\d{0,18}$/,
    example: "123456",
  });

export const deployment = group("The deployment repository and who may read and write it.", {
  repository: variant("The deployment repository: a fork, or one that is there already.", {
    fork: fork("the deployment repository", { branch }),
    existing: existing("A deployment repository", { branch }),
  }),
  credentials: tagged(
    "How Argo CD logs in to the deployment repository. The secret itself is set with pulumi config set --secret.",
    "type",
    "a kind of Git credentials",
    {
      token: group("A personal access token, in the secret deploymentToken. The https URL is used.", {
        type: z.literal("token"),
        username,
      }),
      ssh: group("A deploy key, in the secret deploymentSshKey. The SSH URL is used.", {
        type: z.literal("ssh"),
      }),
      githubApp: group(
        "A GitHub App, its private key in the secret deploymentAppKey. The https URL is used.",
        {
          type: z.literal("githubApp"),
          appId: appNumber("Number of the App."),
          installationId: appNumber("Number of the App's installation in the account."),
        },
      ),
    },
  ),
  url: z.optional(
    text({
      doc: "URL under which Argo CD and Image Updater reach the deployment repository, for mirrors and proxies. With a webhook it has to be the one on GitHub.",
      is: "a URL of a Git repository",
      use: "use https://host/owner/name.git or git@host:owner/name.git",
      defaultDoc: "the https or SSH URL that GitHub shows, whichever fits the credentials",
      example: "https://github.com/acme/echo-deploy.git",
    }),
  ),
  webhook: z.optional(
    flag(
      "Lets GitHub tell Argo CD about every push to the repository, so that it deploys within seconds instead of within six minutes. GitHub has to reach Argo CD (fleet.gitops), and the token of pulumi has to administer the repository.",
      "what fleet.gitops.publicAccess says",
    ),
  ),
  writeBack: z._default(
    tagged("How Image Updater commits new tags.", "method", "a write-back method", {
      git: group("With the credentials above, which then need write access.", {
        method: z.literal("git"),
        branch: writeBackBranch,
      }),
      secret: group(
        "With a token of its own, in the secret writeBackToken; those above may then be read-only.",
        {
          method: z.literal("secret"),
          username,
          branch: writeBackBranch,
        },
      ),
    }),
    { method: "git" },
  ),
});

export type DeploymentConfig = z.output<typeof deployment>;
