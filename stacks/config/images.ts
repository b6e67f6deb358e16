/** An image of a service: its source repository, how it is built, and where a chart or an overlay has it. */
import * as z from "zod/mini";
import { checkTrigger } from "../../components/registry/build-trigger";
import { repositoryNameRule, summaryRule } from "../../components/registry/names";
import { existing, fork } from "./deployment";
import { choice, flag, group, list, named, text, variant } from "./fields";
import { ownUpdate } from "./update";

const helmParameter = (what: string, example: string) =>
  text({
    doc: `Path of ${what} in the chart's values.`,
    is: "a path in a chart's values",
    use: `use keys with dots between them, like ${example}`,
    pattern: /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/,
    example,
  });

const buildRule = group(
  "When the registry builds, and with which tag.",
  {
    name: z.optional(
      text({
        doc: "Tells the rules of one image apart.",
        is: "a name of a build rule",
        use: "use lower-case letters, digits and dashes, like nightly",
        pattern: /^[a-z0-9-]{1,30}$/,
        defaultDoc: "the value of `on`",
      }),
    ),
    on: z._default(
      choice(["tag", "branch"], { doc: "What is pushed to start the build.", is: "a Git event" }),
      "tag",
    ),
    pattern: z.optional(
      text({
        doc: "Regular expression for the name of the Git tag or branch, with named groups; not a glob.",
        is: "a regular expression",
        use: "use a pattern like release-(?<imageTag>v[\\w.-]+)",
        defaultDoc: "`release-(?<imageTag>v[\\w.-]+)` for tags; branches need one",
        example: "release-(?<imageTag>v[\\w.-]+)",
      }),
    ),
    imageTag: z.optional(
      text({
        doc: "Tag of the image; ${group} stands for a named group of the pattern, ${commit} for the first six digits of the commit's id.",
        is: "a tag",
        use: "use a tag like ${imageTag}",
        defaultDoc: "`${imageTag}`",
        example: "${imageTag}",
      }),
    ),
    dockerfile: z.optional(
      group("Where the Dockerfile is.", {
        location: z._default(
          text({ doc: "Folder in the repository.", is: "a folder", use: "start at its root, like /server" }),
          "/",
        ),
        name: z._default(
          text({ doc: "Name of the file.", is: "a file name", use: "use a name, like Dockerfile" }),
          "Dockerfile",
        ),
      }),
    ),
    platforms: z.optional(
      list(text({ doc: "A platform.", is: "a platform", use: "use linux/amd64 or linux/arm64" }), {
        doc: "Platforms to build for.",
        example: ["linux/amd64"],
      }),
    ),
    arguments: z.optional(
      named(
        text({
          doc: "Name of the argument.",
          is: "a name of a build argument",
          use: "use letters, digits and _, like GO_VERSION",
          pattern: /^[A-Za-z_]\w*$/,
        }),
        text({ doc: "Its value. No secrets: it is shown in the console.", is: "a value", use: "use text" }),
        { doc: "Build arguments (ARG in the Dockerfile).", placeholder: "argument" },
      ),
    ),
  },
  (path, rule) => {
    checkTrigger(rule, path);
  },
);

export const image = group("An image, built from one source repository.", {
  source: variant("The source repository: a fork, or one that is there already.", {
    fork: fork("the source repository", {}),
    existing: existing("A source repository", {}),
  }),
  repository: z.optional(
    text({
      doc: "Name of the image repository in the registry's namespace.",
      is: "a name for an image repository",
      use: "use 2 to 64 lower-case letters, digits, ., _ and -",
      rules: [repositoryNameRule],
      defaultDoc: "the name of the source repository",
      example: "echo-server",
    }),
  ),
  summary: z.optional(
    text({
      doc: "What the console shows about the image repository.",
      is: "a summary",
      use: "use 1 to 100 characters",
      rules: [summaryRule],
      defaultDoc: "Images of <name of the repository>",
    }),
  ),
  build: z._default(
    group("How the registry builds the image.", {
      overseas: z._default(
        flag(
          "Builds outside the Chinese mainland, from where GitHub and foreign package sources are reached.",
        ),
        true,
      ),
      cache: z._default(flag("Reuses the layers of earlier builds."), true),
      rules: z._default(
        list(buildRule, {
          doc: "Build rules. The default builds v1.2.3 from the Git tag release-v1.2.3.",
          example: [{ on: "branch", pattern: "release-(?<line>v\\d+)", imageTag: "${line}-${commit}" }],
        }),
        [{ on: "tag" }],
      ),
    }),
    { overseas: true, cache: true, rules: [{ on: "tag" }] },
  ),
  helm: z.optional(
    variant(
      "Where the chart has this image; needed for services with a Helm chart. Two parameters, or one for both.",
      {
        name: group("Two parameters.", {
          name: helmParameter("the image's name", "image.echoServer.repository"),
          tag: helmParameter("the image's tag", "image.echoServer.tag"),
        }),
        spec: group("One parameter.", { spec: helmParameter("the image with its tag", "image") }),
      },
    ),
  ),
  kustomize: z.optional(
    group("Where the overlay has this image, for services with a Kustomize overlay.", {
      image: text({
        doc: "Name of the image in the kustomization, without a tag.",
        is: "a name of an image",
        use: "use the name that the base has, like greeter",
        pattern: /^[a-z0-9]+([._/-]+[a-z0-9]+)*$/,
        example: "greeter",
      }),
    }),
  ),
  update: ownUpdate,
});

export type ImageConfig = z.output<typeof image>;
