/** `update` of a service and of each of its images: which tags are used. */
import * as z from "zod/mini";
import { platformRule, pullSecretRule } from "../../components/delivery/image-rules";
import { allowTagsRule, ignoreTagRule } from "../../components/delivery/tag-filter";
import { choice, flag, group, list, text } from "./fields";

const strategy = choice(["latest", "semver", "name", "digest"], {
  doc: "latest: the image that was built last. semver: the highest version. name: the last in the order of characters. digest: the tag in constraint, whenever it is moved.",
  is: "an update strategy",
});

/** Globs of tags. */
export const ignoredTags = (doc: string) =>
  list(
    text({
      doc: "A glob of tags.",
      is: "a pattern for tags",
      use: "use *, ? and [a-z]",
      rules: [ignoreTagRule],
    }),
    { doc, example: ["v1.4.*"] },
  );

const others = {
  allowTags: z.optional(
    text({
      doc: "Tags that count: any, which is what holds without it, or those that match a pattern in the RE2 dialect.",
      is: "a filter for tags",
      use: 'use "regexp:^v[1-9].*" or "any"',
      rules: [allowTagsRule([])],
      example: "regexp:^v[1-9].*",
    }),
  ),
  ignoreTags: z.optional(
    ignoredTags("Tags that are never used, for example of a release that was withdrawn."),
  ),
  constraint: z.optional(
    text({
      doc: "With semver the range of versions; with digest the tag to follow, which it needs.",
      is: "a version range or a tag",
      use: "use ~1.2, ^2 or 1.x, with digest a tag like stable",
      example: "~1.2",
    }),
  ),
  platforms: z.optional(
    list(
      text({
        doc: "A platform.",
        is: "a platform",
        use: "use linux/amd64 or linux/arm64",
        rules: [platformRule],
      }),
      {
        doc: "Platforms whose images count. Without it only images for the platform that Image Updater runs on.",
        example: ["linux/arm64"],
      },
    ),
  ),
  pullSecret: z.optional(
    text({
      doc: "Credentials with which Image Updater reads the tags, where the registry's don't do.",
      is: "a reference to credentials",
      use: "use secret:<namespace>/<name>#<key> or pullsecret:<namespace>/<name>",
      rules: [pullSecretRule],
      example: "pullsecret:argocd/other-registry",
    }),
  ),
  forceUpdate: z.optional(
    flag(
      "Writes new tags back even where the image doesn't run, as before a first deployment by hand. An environment's own forceUpdate comes first.",
    ),
  ),
};

/** For all images of a service. */
export const sharedUpdate = z._default(
  group("How new tags of the images are chosen.", { strategy: z._default(strategy, "latest"), ...others }),
  { strategy: "latest" },
);

/** What of it is different for one image. */
export const ownUpdate = z._default(
  group(
    "What is different for this image; the rest is as for all images. With a strategy of its own it needs a constraint of its own, too.",
    {
      strategy: z.optional(strategy),
      ...others,
    },
  ),
  {},
);
