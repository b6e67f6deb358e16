/** `ackone-delivery:services`: what teams ship, and from which sources. */
import * as z from "zod/mini";
import { checkImage } from "../../components/delivery/image-rules";
import { allowTagsRule, ignoreTagRule } from "../../components/delivery/tag-filter";
import { forEnvironment } from "../../components/delivery/template";
import { VisibleError } from "../../components/error";
import { checkTrigger } from "../../components/registry/build-trigger";
import { repositoryNameRule, summaryRule } from "../../components/registry/names";
import type { Rule } from "../../components/validation";
import { existing, fork } from "./deployment";
import { choice, flag, group, list, named, text, variant } from "./fields";
import { messageOf } from "./problems";

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
        doc: "Tag of the image; ${group} stands for a named group of the pattern.",
        is: "a tag",
        use: "use a tag like ${imageTag}",
        defaultDoc: "`${imageTag}`",
        example: "${imageTag}",
      }),
    ),
    dockerfile: z.optional(
      group("Where the Dockerfile is.", {
        location: z._default(
          text({ doc: "Folder in the repository.", is: "a folder", use: "use a path from /, like /docker" }),
          "/",
        ),
        name: z._default(
          text({ doc: "Name of the file.", is: "a file name", use: "use a name" }),
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
        "Build arguments (ARG in the Dockerfile).",
      ),
    ),
  },
  (path, rule) => {
    checkTrigger(rule, path);
  },
);

const image = group("An image, built from one source repository.", {
  source: variant("The source repository: a fork, or one that is there already.", {
    fork: fork("the source repository"),
    existing: existing("A source repository"),
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
      defaultDoc: "where the image comes from",
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
          example: [{ on: "branch", pattern: "release-(?<line>v\\d+)", imageTag: "${line}-latest" }],
        }),
        [{ on: "tag" }],
      ),
    }),
    { overseas: true, cache: true, rules: [{ on: "tag" }] },
  ),
  helm: z.optional(
    group("Where the chart has this image; needed for services with a Helm chart.", {
      name: helmParameter("the image's name", "image.echoServer.repository"),
      tag: helmParameter("the image's tag", "image.echoServer.tag"),
    }),
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
});

/** Which environment it is doesn't matter to what may stand in a path. */
const template: Rule<string> = (value) => {
  try {
    forEnvironment("", value, "environment");
    return undefined;
  } catch (error) {
    return messageOf(error).replace(`: ${JSON.stringify(value)} `, "");
  }
};

const folder = (doc: string, example: string) =>
  text({
    doc: `${doc} \${environment} stands for the environment's name.`,
    is: "a folder of the deployment repository",
    use: `use a path from the repository's root, like ${example}`,
    rules: [template],
    example,
  });

const update = group(
  "How new tags of the images are chosen.",
  {
    strategy: z._default(
      choice(["latest", "semver", "name", "digest"], {
        doc: "latest: the image that was built last. semver: the highest version. name: the last in the order of characters. digest: the tag in constraint, whenever it is moved.",
        is: "an update strategy",
      }),
      "latest",
    ),
    allowTags: z.optional(
      text({
        doc: "Tags that count: regexp:<RE2 pattern> or any.",
        is: "a filter for tags",
        use: 'use "regexp:^v[1-9].*" or "any"',
        rules: [allowTagsRule([])],
        defaultDoc: "any",
        example: "regexp:^v[1-9].*",
      }),
    ),
    ignoreTags: z.optional(
      list(
        text({
          doc: "A glob of tags.",
          is: "a pattern for tags",
          use: "use *, ? and [a-z]",
          rules: [ignoreTagRule],
        }),
        {
          doc: "Tags that are never used, for example of a release that was withdrawn.",
          example: ["v1.4.*"],
        },
      ),
    ),
    constraint: z.optional(
      text({
        doc: "With semver the range of versions; with digest the tag to follow, which it needs.",
        is: "a version range or a tag",
        use: "use ~1.2, ^2 or 1.x, with digest a tag like stable",
        example: "~1.2",
      }),
    ),
  },
  (path, settings) => {
    checkImage((setting) => `${path}.${setting}`, "image", settings);
  },
);

export const service = group(
  "A service: its images and how they are deployed to every environment.",
  {
    images: named(
      text({
        doc: "Alias of the image.",
        is: "an alias for an image",
        use: "use 1 to 42 letters and digits, like echoServer",
        pattern: /^[A-Za-z0-9]{1,42}$/,
      }),
      image,
      "The service's images by alias.",
    ),
    deploy: variant("What is deployed: a Helm chart or a Kustomize overlay of the deployment repository.", {
      helm: group("A Helm chart.", {
        helm: folder("Folder of the chart.", "charts/echo"),
        valueFiles: z.optional(
          list(
            text({
              doc: "A file, relative to the chart's folder.",
              is: "a values file",
              use: "use a path like values-dev.yaml",
              rules: [template],
            }),
            {
              doc: "Values files; later ones win. ${environment} stands for the environment's name.",
              example: ["values-${environment}.yaml"],
            },
          ),
        ),
      }),
      kustomize: group("A Kustomize overlay.", {
        kustomize: folder("Folder with the kustomization.", "kustomize/greeter/overlays/${environment}"),
      }),
    }),
    update: z._default(update, { strategy: "latest" }),
    paused: z._default(
      list(text({ doc: "An environment.", is: "a name of an environment", use: "use a name" }), {
        doc: "Environments in which no new tags are written for the time being. After a rollback this keeps the old version.",
        example: ["production"],
      }),
      [],
    ),
  },
  (path, { images }) => {
    if (Object.keys(images).length === 0) {
      throw new VisibleError(`${path}.images: {} is empty; a service has at least one image`);
    }
  },
);

export const services = named(
  text({
    doc: "Name of the service.",
    is: "a name of a service",
    use: "use 1 to 40 lower-case letters, digits and inner dashes, like echo",
    pattern: /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
  }),
  service,
  "Services by name. Each runs in every environment, as an Application called <service>-<environment>.",
);

export type ServiceConfig = z.output<typeof service>;
export type ImageConfig = ServiceConfig["images"][string];
