/** Which images of an Application, in which registry, and under which settings. */
import { host, image } from "../support";
import { conforms, isLatest, noKeys, toChart, vpc } from "./table";

describe("Image Updater stand-in: entries without an alias", () =>
  conforms([
    ["they are updated", { annotations: { "image-list": image } }, "update", "v1.0.1", toChart],
    [
      "with a constraint",
      { annotations: { "image-list": `${image}:~1.0` }, tags: ["v1.0.5", "v1.1.0"] },
      "update",
      "v1.0.5",
    ],
    [
      "not live",
      { annotations: { "image-list": image }, live: [] },
      "skip",
      `Image '${image}' seems not to be live in this application`,
    ],
    [
      "the application's settings count",
      { annotations: { "image-list": image, "ignore-tags": "v1.0.1" } },
      "up to date",
      isLatest,
    ],
    [
      "settings by the image's name don't",
      { annotations: { "image-list": image, "echo-server.ignore-tags": "*" } },
      "update",
      "v1.0.1",
    ],
    [
      "helmvalues needs keys",
      { annotations: { "image-list": image, "write-back-target": "helmvalues" } },
      "error",
      noKeys,
    ],
    [
      "which can't be given to the application",
      {
        annotations: {
          "image-list": image,
          "write-back-target": "helmvalues",
          "helm.image-name": "image.name",
          "helm.image-tag": "image.tag",
        },
      },
      "error",
      noKeys,
    ],
  ]));

describe("Image Updater stand-in: aliases with a slash", () =>
  conforms([
    [
      "it is _ in the keys",
      { annotations: { "image-list": `acme/echo=${image}`, "acme_echo.ignore-tags": "v1.0.1" } },
      "up to date",
      isLatest,
    ],
    [
      "each of them",
      {
        annotations: { "image-list": `a/b/c=${image}`, "a_b_c.update-strategy": "name" },
        tags: ["v10", "v9"],
      },
      "update",
      "v9",
    ],
    [
      "with the slash they aren't read",
      { annotations: { "image-list": `acme/echo=${image}`, "acme/echo.ignore-tags": "*" } },
      "update",
      "v1.0.1",
    ],
    [
      "nor by the part behind it",
      { annotations: { "image-list": `acme/echo=${image}`, "echo.ignore-tags": "*" } },
      "update",
      "v1.0.1",
    ],
  ]));

describe("Image Updater stand-in: which images", () =>
  conforms([
    ["never synced, so not live", { live: [] }, "skip", /seems not to be live/],
    [
      "not live but force-update",
      { live: [], annotations: { "app.force-update": "true" } },
      "update",
      "v1.0.1",
    ],
    [
      "force-update for all images",
      { live: [], annotations: { "force-update": "true" } },
      "update",
      "v1.0.1",
    ],
    [
      "force-update is exactly true",
      { live: [], annotations: { "app.force-update": "True" } },
      "skip",
      /live/,
    ],
    [
      "the VPC host is another host",
      { live: [`${vpc}/echo-dev/echo-server:v1.0.0`] },
      "skip",
      /seems not to be live/,
    ],
    [
      "mid-canary the first of two live tags counts",
      { live: [`${image}:v1.0.1`, `${image}:v1.0.0`] },
      "up to date",
    ],
    ["a live image without a tag is updated at once", { live: [image] }, "update", "v1.0.1"],
    [
      "a kustomization's replaced name is live as well",
      { sourceType: "Kustomize", annotations: { "app.kustomize.image-name": "echo" }, live: ["echo:v1.0.0"] },
      "update",
      "v1.0.1",
    ],
    [
      "and is replaced even when it runs the newest tag",
      { sourceType: "Kustomize", annotations: { "app.kustomize.image-name": "echo" }, live: ["echo:v1.0.1"] },
      "update",
      "v1.0.1",
    ],
    [
      "once: then the new name is live",
      {
        sourceType: "Kustomize",
        annotations: { "app.kustomize.image-name": "echo" },
        live: [`${image}:v1.0.1`],
      },
      "up to date",
      `${image}:v1.0.1 already on latest allowed version`,
    ],
    [
      "without the annotation it isn't live",
      { sourceType: "Kustomize", live: ["echo:v1.0.0"] },
      "skip",
      `Image '${image}' seems not to be live in this application`,
    ],
  ]));

describe("Image Updater stand-in: registries", () =>
  conforms([
    [
      "the registry can not be read",
      { tags: { error: "401" } },
      "error",
      /Could not get tags from registry: 401/,
    ],
    [
      "the registry's credentials are no reference",
      { registriesConf: `registries: [{name: a, api_url: x, prefix: ${host}, credentials: acr}]` },
      "error",
      /Could not set registry endpoint credentials: invalid credential spec: acr/,
    ],
    ["a broken pull-secret only warns", { annotations: { "app.pull-secret": "acr" } }, "update", "v1.0.1"],
  ]));
