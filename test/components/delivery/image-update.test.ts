import { expect } from "chai";
import {
  type ImageUpdate,
  type ImageUpdates,
  imageList,
  updateAnnotations,
} from "../../../components/delivery/image-update";
import { thrown } from "../../support/thrown";

const helm = { name: "image.repository", tag: "image.tag" };

/** The annotations for one image called `echo`, without their common prefix and without those of the write-back. */
function annotationsOf(image: ImageUpdate, paused = false): Record<string, string> {
  const annotations = updateAnnotations("echo", { images: { echo: image }, branch: "main", paused });
  return Object.fromEntries(
    Object.entries(annotations)
      .map(([key, value]) => [key.replace("argocd-image-updater.argoproj.io/", ""), value] as const)
      .filter(([key]) => key.startsWith("echo.")),
  );
}

const messageOf = (images: Record<string, ImageUpdate>, rest: Partial<ImageUpdates> = {}) =>
  thrown(() => updateAnnotations("services.shop", { images, branch: "main", ...rest }));

describe("components/delivery/image-update", () => {
  const table: [string, ImageUpdate, Record<string, string>][] = [
    ["nothing said", {}, { "echo.update-strategy": "latest" }],
    ["latest", { strategy: "latest" }, { "echo.update-strategy": "latest" }],
    ["the new name of latest", { strategy: "newest-build" }, { "echo.update-strategy": "latest" }],
    ["semver", { strategy: "semver" }, { "echo.update-strategy": "semver" }],
    ["name", { strategy: "name" }, { "echo.update-strategy": "name" }],
    ["the new name of name", { strategy: "alphabetical" }, { "echo.update-strategy": "name" }],
    ["digest", { strategy: "digest", constraint: "stable" }, { "echo.update-strategy": "digest" }],
    [
      "a filter",
      { allowTags: "regexp:^v[1-9].*", sampleTags: ["v1.2.3"] },
      { "echo.update-strategy": "latest", "echo.allow-tags": "regexp:^v[1-9].*" },
    ],
    ["any tag", { allowTags: "any" }, { "echo.update-strategy": "latest", "echo.allow-tags": "any" }],
    [
      "tags to ignore",
      { ignoreTags: ["v1.4.*", "latest"] },
      { "echo.update-strategy": "latest", "echo.ignore-tags": "v1.4.*,latest" },
    ],
    ["an empty list of tags to ignore", { ignoreTags: [] }, { "echo.update-strategy": "latest" }],
    [
      "platforms",
      { platforms: ["linux/arm64", "linux/arm/v7"] },
      { "echo.update-strategy": "latest", "echo.platforms": "linux/arm64,linux/arm/v7" },
    ],
    [
      "other credentials",
      { pullSecret: "secret:argocd/hub#hub" },
      { "echo.update-strategy": "latest", "echo.pull-secret": "secret:argocd/hub#hub" },
    ],
    ["force", { forceUpdate: true }, { "echo.update-strategy": "latest", "echo.force-update": "true" }],
    ["no force", { forceUpdate: false }, { "echo.update-strategy": "latest" }],
    [
      "two Helm parameters",
      { helm },
      {
        "echo.update-strategy": "latest",
        "echo.helm.image-name": "image.repository",
        "echo.helm.image-tag": "image.tag",
      },
    ],
    [
      "one Helm parameter",
      { helm: { spec: "image" } },
      { "echo.update-strategy": "latest", "echo.helm.image-spec": "image" },
    ],
    [
      "Kustomize",
      { kustomize: { image: "acme/echo-server" } },
      { "echo.update-strategy": "latest", "echo.kustomize.image-name": "acme/echo-server" },
    ],
  ];
  for (const [what, image, annotations] of table) {
    it(`turns ${what} into annotations`, () => {
      expect(annotationsOf(image)).to.deep.equal(annotations);
    });
  }

  it("adds the write-back once for all images, under the full names", () => {
    const images = { echo: {}, web: {} };
    expect(
      updateAnnotations("shop", { images, branch: "main", writeBack: { method: "secret" } }),
    ).to.deep.equal({
      "argocd-image-updater.argoproj.io/echo.update-strategy": "latest",
      "argocd-image-updater.argoproj.io/web.update-strategy": "latest",
      "argocd-image-updater.argoproj.io/write-back-method": "git:secret:argocd/git-creds",
      "argocd-image-updater.argoproj.io/git-branch": "main",
    });
  });

  it("ignores all tags of every image while it is paused", () => {
    expect(annotationsOf({ ignoreTags: ["v1.4.*"] }, true)).to.include({ "echo.ignore-tags": "*" });
    expect(annotationsOf({}, true)).to.include({ "echo.ignore-tags": "*" });
  });

  it("keeps every annotation's name within the 63 characters of Kubernetes", () => {
    const alias = "a".repeat(42);
    const names = Object.keys(
      updateAnnotations("shop", { images: { [alias]: { kustomize: { image: "a" } } }, branch: "main" }),
    );
    for (const name of names) {
      expect(name.split("/")[1]!.length).to.be.at.most(63);
    }
  });

  const bad: [string, Record<string, ImageUpdate>, string][] = [
    [
      "an alias with a dash",
      { "echo-server": {} },
      'services.shop.images.echo-server.alias: "echo-server" is not an alias for an image; use 1 to 42 letters and digits, like echoServer',
    ],
    [
      "an alias of 43 characters",
      { ["a".repeat(43)]: {} },
      `services.shop.images.${"a".repeat(43)}.alias: "${"a".repeat(43)}" is not an alias for an image; use 1 to 42 letters and digits, like echoServer`,
    ],
    [
      "an unknown strategy",
      { echo: { strategy: "newest" as "latest" } },
      'services.shop.images.echo.strategy: "newest" is not an update strategy; use latest, newest-build, semver, name, alphabetical or digest',
    ],
    [
      "versions as the order of commits",
      { echo: { strategy: "semver", allowTags: "regexp:^v3-[0-9a-f]+$" } },
      'services.shop.images.echo.strategy: "semver" doesn\'t go with allowTags "regexp:^v3-[0-9a-f]+$": tags of commit ids have no order; use the strategy latest',
    ],
    [
      "digest without a tag",
      { echo: { strategy: "digest" } },
      "services.shop.images.echo.constraint is missing: the strategy digest follows one tag; name it, like stable",
    ],
    [
      "digest with something else than a tag",
      { echo: { strategy: "digest", constraint: "~1.2" } },
      'services.shop.images.echo.constraint: "~1.2" is not a tag, like stable',
    ],
    [
      "digest with a filter that its tag doesn't pass",
      { echo: { strategy: "digest", constraint: "stable", allowTags: "regexp:^v" } },
      'services.shop.images.echo.allowTags: "regexp:^v" never matches a tag that the build makes, like "stable"; no release would be deployed',
    ],
    [
      "a range that the annotation would cut",
      { echo: { strategy: "semver", constraint: ">=1.0, <2.0" } },
      'services.shop.images.echo.constraint: ">=1.0, <2.0" is not a range that fits into an annotation; use ~1.2, ^2 or 1.x',
    ],
    [
      "a range where nothing reads it",
      { echo: { constraint: "~1.2" } },
      'services.shop.images.echo.constraint: "~1.2" has no effect with the strategy latest; use allowTags',
    ],
    [
      "a filter that Image Updater can't read",
      { echo: { allowTags: "regexp:^(?!rc)" } },
      'services.shop.images.echo.allowTags: "regexp:^(?!rc)" has a look-ahead, which Image Updater can\'t read; its patterns are RE2 (github.com/google/re2/wiki/Syntax)',
    ],
    [
      "a filter that no release passes",
      { echo: { allowTags: "regexp:^release-", sampleTags: ["v1.2.3"] } },
      'services.shop.images.echo.allowTags: "regexp:^release-" never matches a tag that the build makes, like "v1.2.3"; no release would be deployed',
    ],
    [
      "tags to ignore in one text",
      { echo: { ignoreTags: ["v1.4.*,latest"] } },
      'services.shop.images.echo.ignoreTags[0]: "v1.4.*,latest" is not a pattern for tags; use *, ? and [a-z], without spaces and commas',
    ],
    [
      "half a platform",
      { echo: { platforms: ["linux/amd64", "arm64"] } },
      'services.shop.images.echo.platforms[1]: "arm64" is not a platform; use forms like linux/amd64 and linux/arm64',
    ],
    [
      "credentials in the open",
      { echo: { pullSecret: "user:password" } },
      'services.shop.images.echo.pullSecret: "user:password" is no reference to credentials; use secret:<namespace>/<name>#<key>, pullsecret:<namespace>/<name>, env:<variable> or ext:<absolute path>',
    ],
    [
      "half of the Helm parameters",
      { echo: { helm: { tag: "image.tag" } as unknown as ImageUpdate["helm"] } },
      "services.shop.images.echo.helm: name the chart's two parameters for the image (name and tag), or one for both (spec)",
    ],
    [
      "a Helm parameter with an index",
      { echo: { helm: { name: "images[0].name", tag: "images[0].tag" } } },
      'services.shop.images.echo.helm.name: "images[0].name" is not a path in the chart\'s values, like image.echoServer.tag',
    ],
    [
      "two images in one Helm parameter",
      { echo: { helm }, web: { helm } },
      'services.shop.images.web.helm: "image.repository" is set by the image echo as well; every image needs its own',
    ],
    [
      "two images under one name of a kustomization, of which one would run the other's",
      { echo: { kustomize: { image: "echo" } }, web: { kustomize: { image: "echo" } } },
      'services.shop.images.web.kustomize.image: "echo" is set by the image echo as well; every image needs its own',
    ],
    [
      "a tag in a kustomization's image",
      { echo: { kustomize: { image: "echo-server:v1" } } },
      'services.shop.images.echo.kustomize.image: "echo-server:v1" has a tag; give the name alone, as in the kustomization',
    ],
    [
      "no image name for a kustomization",
      { echo: { kustomize: { image: "Echo Server" } } },
      'services.shop.images.echo.kustomize.image: "Echo Server" is not the name of an image in a kustomization, like echo-server',
    ],
  ];
  for (const [what, images, message] of bad) {
    it(`refuses ${what}`, () => {
      expect(messageOf(images)).to.equal(message);
    });
  }

  it("refuses the write-back that would fight with Pulumi", () => {
    expect(messageOf({ echo: {} }, { writeBack: { method: "argocd" as "git" } })).to.equal(
      'services.shop.writeBack.method: "argocd" changes the Application itself, and the next pulumi up would take the new tag back; use git or secret',
    );
  });

  describe("list of images", () => {
    const host = "acme-registry-vpc.cn-hangzhou.cr.aliyuncs.com";

    it("names every image by its alias, with the range or tag that it follows", () => {
      const references = {
        echo: `${host}/echo/echo-server`,
        web: `${host}/echo/web`,
        api: `${host}/echo/api`,
      };
      const images: Record<string, ImageUpdate> = {
        echo: {},
        web: { strategy: "semver", constraint: "~1.2" },
        api: { strategy: "digest", constraint: "stable" },
      };
      expect(imageList("shop", references, images)).to.equal(
        `echo=${host}/echo/echo-server,web=${host}/echo/web:~1.2,api=${host}/echo/api:stable`,
      );
    });

    it("refuses images on two of the registry's host names", () => {
      const references = {
        echo: `${host}/echo/echo-server`,
        web: "acme-registry.cn-hangzhou.cr.aliyuncs.com/echo/web",
      };
      expect(thrown(() => imageList("shop", references, {}))).to.equal(
        `shop.images.web.reference: "acme-registry.cn-hangzhou.cr.aliyuncs.com/echo/web" is on another host than the image echo (${host}); use one host name of the registry everywhere`,
      );
    });

    for (const reference of [
      `${host}/echo/web:v1`,
      `${host}`,
      `https://${host}/echo/web`,
      `${host}/Echo/web`,
    ]) {
      it(`refuses ${reference}`, () => {
        expect(thrown(() => imageList("shop", { web: reference }, {}))).to.equal(
          `shop.images.web.reference: "${reference}" is not an image without a tag; use host/namespace/name`,
        );
      });
    }

    it("refuses an image without a host", () => {
      expect(thrown(() => imageList("shop", { web: "echo/web" }, {}))).to.equal(
        'shop.images.web.reference: "echo" is not a registry\'s host name; give it without https:// and without a path, like acme-registry.cn-hangzhou.cr.aliyuncs.com',
      );
    });
  });
});
