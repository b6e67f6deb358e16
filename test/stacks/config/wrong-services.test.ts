import { addService, both, describeMistakes, set } from "./mistake";

describeMistakes("services", [
  [
    "an alias with a dash",
    set("services.echo.images", {
      "echo-server": { source: { fork: "a/b" }, helm: { name: "a", tag: "b" } },
    }),
    'services.echo.images: "echo-server" is not an alias for an image; use 1 to 42 letters and digits, like echoServer',
  ],
  [
    "an alias that is too long",
    set("services.echo.images", {
      ["a".repeat(43)]: { source: { fork: "a/b" }, helm: { name: "a", tag: "b" } },
    }),
    'services.echo.images: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" is not an alias for an image; use 1 to 42 letters and digits, like echoServer',
  ],
  [
    "a service without images",
    set("services.echo.images", {}),
    "services.echo.images: {} is empty; a service has at least one image",
  ],
  [
    "the URL of a source repository",
    set("services.echo.images.echoServer.source.fork", "https://github.com/a/b"),
    'services.echo.images.echoServer.source.fork: "https://github.com/a/b" is not a GitHub repository; write "owner/name", not a URL',
  ],
  [
    "a chart without the image's parameters",
    set("services.echo.images.echoServer.helm", undefined),
    "services.echo.images.echoServer.helm is missing: name the chart's parameters for the image, {name, tag} or {spec}",
  ],
  [
    "an overlay's setting for a chart",
    set("services.echo.images.echoServer.kustomize", { image: "echo" }),
    "services.echo.images.echoServer.kustomize has no effect: the service is deployed from a Helm chart; remove it",
  ],
  [
    "two images in one parameter",
    set("services.echo.images.echoServer.helm.tag", "image.echoWebServer.tag"),
    'services.echo.images.echoWebServer.helm: "image.echoWebServer.tag" is set by the image echoServer as well; every image needs its own',
  ],
  [
    "two images under one name of an overlay, of which one would run the other's",
    set("services.greeter.images.tools", {
      source: { fork: "ackone-samples/tools" },
      kustomize: { image: "greeter" },
    }),
    'services.greeter.images.tools.kustomize.image: "greeter" is set by the image greeter as well; every image needs its own',
  ],
  [
    "a path of a parameter that is none",
    set("services.echo.images.echoServer.helm.tag", "image..tag"),
    `services.echo.images.echoServer.helm.tag: "image..tag" is not a path in a chart's values; use keys with dots between them, like image.echoServer.tag`,
  ],
  [
    "a name that no image repository may have",
    set("services.echo.images.echoServer.repository", "Echo"),
    'services.echo.images.echoServer.repository: "Echo" is not a name for an image repository; use 2 to 64 lower-case letters, digits and ., _ and -, letters or digits at both ends',
  ],
  [
    "a source repository whose name is too short for its images",
    set("services.greeter.images.greeter.source", { existing: "acme/x" }),
    'services.greeter.images.greeter: would be kept in an image repository called like its source, but "x" is not a name for an image repository; use 2 to 64 lower-case letters, digits and ., _ and -, letters or digits at both ends; set repository: to such a name',
  ],
  [
    "a source repository with a dot first, like .github",
    set("services.greeter.images.greeter.source", { fork: "ackone-samples/.github" }),
    'services.greeter.images.greeter: would be kept in an image repository called like its source, but ".github" is not a name for an image repository; use 2 to 64 lower-case letters, digits and ., _ and -, letters or digits at both ends; set repository: to such a name',
  ],
  [
    "a source repository with an underscore last",
    set("services.greeter.images.greeter.source", { fork: "ackone-samples/greeter", name: "Greeter_" }),
    'services.greeter.images.greeter: would be kept in an image repository called like its source, but "greeter_" is not a name for an image repository; use 2 to 64 lower-case letters, digits and ., _ and -, letters or digits at both ends; set repository: to such a name',
  ],
  [
    "a source repository with dots that no image can be pulled by",
    set("services.greeter.images.greeter.source", { fork: "ackone-samples/greeter..web" }),
    'services.greeter.images.greeter: would be kept in an image repository called like its source, but "greeter..web" has ".." in it, with which no image can be pulled; use one ., one or two _, or dashes between letters and digits; set repository: to such a name',
  ],
  [
    "two images in one image repository",
    set("services.echo.images.echoServer.repository", "echo-web-server"),
    "services.echo.images.echoWebServer: would be kept in the image repository echo-web-server, like echo.images.echoServer; give one of them another name (repository: …)",
  ],
  [
    "a glob for a pattern",
    set("services.echo.images.echoServer.build", { rules: [{ pattern: "release-*" }] }),
    'services.echo.images.echoServer.build.rules[0].pattern: "release-*" is a glob, but ACR takes a regular expression; write "release-(?<imageTag>[\\w.-]+)"',
  ],
  [
    "a pattern that is no regular expression",
    set("services.echo.images.echoServer.build", { rules: [{ pattern: "release-(v" }] }),
    'services.echo.images.echoServer.build.rules[0].pattern: "release-(v" is not a regular expression that ACR understands; check its brackets and escapes',
  ],
  [
    "a pattern that no release matches",
    set("services.echo.images.echoServer.build", { rules: [{ pattern: "v(?<imageTag>.+)" }] }),
    `services.echo.images.echoServer.build.rules[0].pattern: "v(?<imageTag>.+)" doesn't match the Git tag "release-v1.2.3"; releases would never be built. Use a pattern like "release-(?<imageTag>v[\\w.-]+)"`,
  ],
  [
    "a tag with an undefined group",
    set("services.echo.images.echoServer.build", { rules: [{ imageTag: "${version}" }] }),
    'services.echo.images.echoServer.build.rules[0].imageTag: "${version}" uses the group "version", which the pattern "release-(?<imageTag>v[\\\\w.-]+)" doesn\'t define (its groups are imageTag)',
  ],
  [
    "two build rules of one name",
    set("services.echo.images.echoServer.build", { rules: [{}, { imageTag: "latest" }] }),
    "services.echo.images.echoServer.build.rules[1]: is called tag like another rule; give it a name of its own (name: …)",
  ],
  [
    "a build rule that builds the same again under another name",
    set("services.echo.images.echoServer.build", {
      rules: [{}, { name: "again", on: "tag", pattern: "release-(?<imageTag>v[\\w.-]+)" }],
    }),
    'services.echo.images.echoServer.build.rules[1]: builds "${imageTag}" from the same pushes as rules[0], so that every image would be built twice under one tag; remove it, or give it another pattern or imageTag',
  ],
  [
    "a build rule that builds the same tag for another platform, over the first one's",
    set("services.echo.images.echoServer.build", {
      rules: [{}, { name: "arm", platforms: ["linux/arm64"] }],
    }),
    'services.echo.images.echoServer.build.rules[1]: builds "${imageTag}" from the same pushes as rules[0], so that every image would be built twice under one tag; remove it, or give it another pattern or imageTag',
  ],
  [
    "a build of branches without a pattern",
    set("services.echo.images.echoServer.build", { rules: [{ on: "branch" }] }),
    "services.echo.images.echoServer.build.rules[0].pattern: a build on a branch has no default for it; say which",
  ],
  [
    "a platform that ACR doesn't build for",
    set("services.echo.images.echoServer.build", { rules: [{ platforms: ["windows/amd64"] }] }),
    'services.echo.images.echoServer.build.rules[0].platforms[0]: "windows/amd64" is not a platform that ACR builds for; use forms like "linux/amd64" and "linux/arm64"',
  ],
  [
    "a Dockerfile outside of the repository",
    set("services.echo.images.echoServer.build", { rules: [{ dockerfile: { location: "server" } }] }),
    'services.echo.images.echoServer.build.rules[0].dockerfile.location: "server" is not a folder of the repository; start at its root, like "/" or "/server"',
  ],
  [
    "a tag that can be pushed once, for every build",
    both(
      set("registry.tagImmutability", true),
      set("services.echo.images.echoServer.build", { rules: [{ imageTag: "latest" }] }),
      set("services.echo.update.allowTags", "any"),
    ),
    'services.echo.images.echoServer.build.rules[0].imageTag: "latest" is the same for every build, but registry.tagImmutability lets a tag be pushed once; use a group of the pattern',
  ],
  [
    "a folder outside of the repository",
    set("services.echo.deploy.helm", "/charts/echo"),
    'services.echo.deploy.helm: "/charts/echo" is not a folder of the repository; give it from the root, like charts/echo, or . for the root itself',
  ],
  [
    "an unknown placeholder",
    set("services.echo.deploy.helm", "charts/${env}"),
    'services.echo.deploy.helm: "charts/${env}" has the unknown variable ${env} in it; only ${environment} is replaced',
  ],
  [
    "a chart and an overlay at once",
    set("services.echo.deploy", { helm: "charts/echo", kustomize: "overlays/echo" }),
    "services.echo.deploy: has both helm and kustomize; keep one of them",
  ],
  [
    "a filter without its prefix",
    set("services.echo.update.allowTags", "^v"),
    'services.echo.update.allowTags: "^v" matches no tag at all; use "regexp:<pattern>" or "any"',
  ],
  [
    "a filter that never matches",
    set("services.echo.update.allowTags", "regexp:^release-"),
    'services.echo.update.allowTags: "regexp:^release-" never matches a tag that the build makes, like "v1.2.3"; no release would be deployed',
  ],
  [
    "a filter that is no regular expression",
    set("services.echo.update.allowTags", "regexp:(v"),
    'services.echo.update.allowTags: "regexp:(v" is not a regular expression that Image Updater can read: missing closing ): `(v`',
  ],
  [
    "an unknown update strategy",
    set("services.echo.update.strategy", "newest"),
    'services.echo.update.strategy: "newest" is not an update strategy; use latest, semver, name or digest',
  ],
  [
    "the strategy digest without a tag",
    set("services.echo.update.strategy", "digest"),
    "services.echo.update.constraint is missing: the strategy digest follows one tag; name it, like stable",
  ],
  [
    "two globs in one",
    set("services.echo.update.ignoreTags", ["v1,v2"]),
    'services.echo.update.ignoreTags[0]: "v1,v2" is not a pattern for tags; use *, ? and [a-z], without spaces and commas',
  ],
  [
    "half a place in a chart",
    set("services.echo.images.echoServer.helm", { tag: "image.tag" }),
    "services.echo.images.echoServer.helm: has neither name nor spec; use one of them",
  ],
  [
    "versions as the order of commits, for one image",
    set("services.echo.images.echoServer.update", {
      strategy: "semver",
      allowTags: "regexp:^v[0-9]+-[0-9a-f]+",
    }),
    'services.echo.images.echoServer.update.allowTags: "regexp:^v[0-9]+-[0-9a-f]+" never matches a tag that the build makes, like "v1.2.3"; no release would be deployed',
  ],
  [
    "versions where the builds of a branch make tags of commits",
    set("services.echo.images.echoServer", {
      source: { fork: "ackone-samples/echo-server", archiveOnDestroy: false },
      helm: { name: "image.echoServer.repository", tag: "image.echoServer.tag" },
      build: {
        rules: [{ on: "branch", pattern: "release-(?<line>v\\d+)", imageTag: "${line}-${commit}" }],
      },
      update: { strategy: "semver" },
    }),
    'services.echo.images.echoServer.update.strategy: "semver" finds no order in tags with a commit\'s id, like "v3-5a7147"; use the strategy latest, or leave them out with allowTags',
  ],
  [
    "a tag to follow that is missing, where the image says how it is updated",
    set("services.echo.images.echoServer.update", { strategy: "digest" }),
    "services.echo.images.echoServer.update.constraint is missing: the strategy digest follows one tag; name it, like stable",
  ],
  [
    "a tag to follow in a registry whose tags never move",
    both(
      set("registry.tagImmutability", true),
      set("services.echo.images.echoServer.update", { strategy: "digest", constraint: "stable" }),
    ),
    'services.echo.images.echoServer.update.strategy: "digest" follows a tag that is moved, but registry.tagImmutability lets a tag be pushed once; use another strategy',
  ],
  [
    "a dialect that Image Updater can't read, for one image",
    set("services.echo.images.echoServer.update", { allowTags: "regexp:^v(?!1)" }),
    'services.echo.images.echoServer.update.allowTags: "regexp:^v(?!1)" has a look-ahead, which Image Updater can\'t read; its patterns are RE2 (github.com/google/re2/wiki/Syntax)',
  ],
  [
    "a platform that nothing is built for",
    set("services.echo.update.platforms", ["linux/amd64", "linux/arm64"]),
    'services.echo.update.platforms[1]: "linux/arm64" is no platform that the image is built for; its build rules make linux/amd64',
  ],
  [
    "images for a platform that Image Updater doesn't look for",
    set("services.echo.images.echoServer.build", { rules: [{ platforms: ["linux/arm64"] }] }),
    "services.echo.update.platforms is missing: the image is built for linux/arm64 only, and Image Updater looks for linux/amd64 unless it is told; use platforms: [linux/arm64]",
  ],
  [
    "a password for a pull secret",
    set("services.echo.update.pullSecret", "user:password"),
    'services.echo.update.pullSecret: "user:password" is no reference to credentials; use secret:<namespace>/<name>#<key>, pullsecret:<namespace>/<name>, env:<variable> or ext:<absolute path>',
  ],
  [
    "tags to ignore in an environment that isn't there",
    set("services.echo.ignoreTags", { prod: ["v1.0.2"] }),
    'services.echo.ignoreTags: "prod" is not an environment; use dev, staging or production',
  ],
  [
    "a list of tags to ignore in one environment that is none",
    set("services.echo.ignoreTags", { production: "v1.0.2" }),
    'services.echo.ignoreTags.production: "v1.0.2" is not a list; write it as a list, like [a, b]',
  ],
  [
    "a pause in an environment that isn't there",
    set("services.echo.paused", ["prod"]),
    'services.echo.paused[0]: "prod" is not an environment; use dev, staging or production',
  ],
  [
    "a name of a service with capitals",
    set("services.Echo", {}),
    'services: "Echo" is not a name of a service; use 1 to 40 lower-case letters, digits and inner dashes, like echo',
  ],
  [
    "two services whose Applications have one name",
    both(
      set("environments.dev-dev", { cluster: "workloads", namespace: "dev-dev", sync: "manual" }),
      addService("echo-dev", (service) => {
        service.images = { other: { source: { fork: "a/other" }, kustomize: { image: "other" } } };
      }),
    ),
    "services.echo-dev: in dev would be the Application echo-dev-dev, like the service echo in dev-dev; rename one of them",
  ],
  [
    "an Application's name that is too long",
    both(
      set("environments.environment-with-a-long-name", {
        cluster: "workloads",
        namespace: "long",
        sync: "manual",
      }),
      addService("a-service-with-a-very-long-name-of-its-o", (service) => {
        service.images = { other: { source: { fork: "a/other" }, kustomize: { image: "other" } } };
      }),
    ),
    'services.a-service-with-a-very-long-name-of-its-o: "a-service-with-a-very-long-name-of-its-o-environment-with-a-long-name" has 69 characters; as the name of a label it may have 63: shorten the service or the environment',
  ],
  [
    "two forks of one name",
    addService("welcomer", (service) => {
      service.images = {
        greeter: {
          source: { fork: "someone/greeter" },
          repository: "welcomer",
          kustomize: { image: "greeter" },
        },
      };
    }),
    'services.welcomer.images.greeter.source: "someone/greeter" would be forked as greeter, like ackone-delivery:services.greeter.images.greeter.source; give one of them another name (name: …)',
  ],
  [
    "a fork of a repository of the same account",
    set("services.greeter.images.greeter.source.fork", "Acme/greeter"),
    'services.greeter.images.greeter.source.fork: "Acme/greeter" is in the account github:owner already, and can\'t be forked into it; use existing: Acme/greeter',
  ],
  [
    "one fork in two ways",
    addService("welcomer", (service) => {
      service.images = {
        greeter: {
          source: { fork: "ackone-samples/greeter" },
          repository: "welcomer",
          kustomize: { image: "greeter" },
        },
      };
    }),
    "services.welcomer.images.greeter.source: differs from ackone-delivery:services.greeter.images.greeter.source, but is the same fork; write both the same way",
  ],
  [
    "two services with one overlay, who would own the same objects",
    addService("welcomer", (service) => {
      service.images = { welcomer: { source: { fork: "a/welcomer" }, kustomize: { image: "greeter" } } };
      service.deploy = { kustomize: "kustomize/greeter/overlays/${environment}" };
    }),
    'services.welcomer.deploy.kustomize: "kustomize/greeter/overlays/${environment}" is deployed by the service greeter as well, and both would own the same objects; give every service an overlay of its own',
  ],
  [
    "two services whose overlays are the same folder in one environment",
    addService("welcomer", (service) => {
      service.images = { welcomer: { source: { fork: "a/welcomer" }, kustomize: { image: "greeter" } } };
      service.deploy = { kustomize: "kustomize/greeter/overlays/staging" };
    }),
    'services.welcomer.deploy.kustomize: "kustomize/greeter/overlays/staging" is deployed by the service greeter as well, and both would own the same objects; give every service an overlay of its own',
  ],
  [
    "a service that is a copy of another one",
    addService("welcomer", () => {}),
    "services.welcomer.images.greeter: would be kept in the image repository greeter, like greeter.images.greeter; give one of them another name (repository: …)",
  ],
  [
    "two repositories that can't be told apart in the state",
    both(
      set("services.greeter.images.greeter.source", { fork: "acme-apps/one" }),
      set("services.echo.images.echoServer.source", { fork: "acme/apps-one" }),
      set("github:owner", "others"),
    ),
    'services.greeter.images.greeter.source: "acme-apps/one" would be the resource source-acme-apps-one, like "acme/apps-one" in ackone-delivery:services.echo.images.echoServer.source; a stack can\'t hold both: rename one of them on GitHub, or put one into another stack',
  ],
  [
    "a branch of a source repository, which has no effect",
    set("services.greeter.images.greeter.source.branch", "main"),
    "services.greeter.images.greeter.source.branch: is not a key of ackone-delivery:services.greeter.images.greeter.source; use fork, name, description, visibility or archiveOnDestroy",
  ],
]);
