/** `ackone-delivery:services`: what teams ship, and from which sources. */
import * as z from "zod/mini";
import { forEnvironment } from "../../components/delivery/template";
import { VisibleError } from "../../components/error";
import type { Rule } from "../../components/validation";
import { group, list, named, text, variant } from "./fields";
import { image } from "./images";
import { messageOf } from "./problems";
import { ignoredTags, sharedUpdate } from "./update";

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
      { doc: "The service's images by alias.", placeholder: "alias" },
    ),
    deploy: variant("What is deployed: a Helm chart or a Kustomize overlay of the deployment repository.", {
      helm: group("A Helm chart.", {
        helm: folder("Folder of the chart; a dot is the root of the repository.", "charts/echo"),
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
        kustomize: folder(
          "Folder with the kustomization; a dot is the root of the repository.",
          "kustomize/greeter/overlays/${environment}",
        ),
      }),
    }),
    update: sharedUpdate,
    paused: z._default(
      list(text({ doc: "An environment.", is: "a name of an environment", use: "use a name" }), {
        doc: "Environments in which no new tags are written for the time being. After a rollback this keeps the old version.",
        example: ["production"],
      }),
      [],
    ),
    ignoreTags: z._default(
      named(
        text({ doc: "An environment.", is: "a name of an environment", use: "use a name", pattern: /./ }),
        ignoredTags("Tags that are never used in the environment."),
        {
          doc: "Tags that are never used in one environment, by its name, beside those under update. After a rollback of one environment this keeps the bad release away from it, and lets the next one through.",
          placeholder: "environment",
          example: { production: ["v1.4.2"] },
        },
      ),
      {},
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
  {
    doc: "Services by name. Each runs in every environment, as an Application called <service>-<environment>. Another name is another service: the Applications of the former name go, with their pods.",
    placeholder: "service",
  },
);

export type ServiceConfig = z.output<typeof service>;
