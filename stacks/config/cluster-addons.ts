/** Settings of what member clusters get: from where Argo Rollouts comes, and whose pods pull images. */
import * as z from "zod/mini";
import { parseGitUrl } from "../../components/gitops/git-url";
import { labelRule } from "../../components/gitops/names";
import { upstream } from "../../components/rollouts/argo-rollouts";
import { defaultServiceAccounts } from "../../components/rollouts/image-pull-credentials";
import { pinnedImageRule, revisionRule } from "../../components/rollouts/names";
import { group, list, text } from "./fields";

/** Mirrors: from mainland regions github.com and quay.io are slow, or can't be reached. */
export const argoRollouts = group(
  "Where Argo Rollouts comes from, with argo-rollouts under canary: a mirror, where github.com and quay.io are slow or out of reach.",
  {
    repository: z.optional(
      text({
        doc: "Git repository with its manifests. Public, or one that Argo CD has credentials for.",
        is: "a URL of a Git repository",
        use: "use https://host/owner/name.git",
        defaultDoc: `\`${upstream.repository}\``,
        example: "https://git.corp.example/mirror/argo-rollouts.git",
      }),
    ),
    revision: z.optional(
      text({
        doc: "Tag, branch or commit of the repository. Argo CD gets rights on the cluster for the objects of the default one.",
        is: "a tag, branch or commit",
        use: "use one like v1.8.3",
        rules: [revisionRule],
        defaultDoc: `\`${upstream.revision}\``,
      }),
    ),
    image: z.optional(
      text({
        doc: "Image of the controller, with a fixed version.",
        is: "an image with a fixed version",
        use: "use host/name:tag",
        rules: [pinnedImageRule],
        defaultDoc: `\`${upstream.image}:<revision>\``,
        example: "registry.example/mirror/argo-rollouts:v1.8.3",
      }),
    ),
  },
  (path, { repository }) => {
    if (repository !== undefined) {
      parseGitUrl(`${path}.repository`, repository);
    }
  },
);

export const serviceAccounts = list(
  text({
    doc: "Name of a service account.",
    is: "a name of a service account",
    use: "use lower-case letters, digits and inner dashes, like echo",
    rules: [labelRule],
  }),
  {
    doc: "Service accounts whose pods pull images with imagePull, in the namespaces of the cluster's environments. Name all of them, default too where it pulls.",
    example: ["default", "echo"],
    defaultDoc: `\`${JSON.stringify(defaultServiceAccounts)}\``,
  },
);
