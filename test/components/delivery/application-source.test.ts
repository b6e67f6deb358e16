import { expect } from "chai";
import { checkSource, type DeploySource, nested } from "../../../components/delivery/application-source";
import type { ImageUpdate } from "../../../components/delivery/image-update";
import { thrown } from "../../support/thrown";

const helm = { name: "image.repository", tag: "image.tag" };

const check = (deploy: DeploySource, images: Record<string, ImageUpdate> = { echo: { helm } }) =>
  checkSource("shop.deploy", deploy, { path: "shop.images", updates: images });

describe("components/delivery/application-source", () => {
  it("builds values from the paths of parameters", () => {
    expect(
      nested([
        ["image.echoServer.repository", "a"],
        ["image.echoWebServer.repository", "b"],
        ["sidecar", "c"],
      ]),
    ).to.deep.equal({
      image: { echoServer: { repository: "a" }, echoWebServer: { repository: "b" } },
      sidecar: "c",
    });
  });

  it("takes charts and overlays", () => {
    check({ helm: "charts/echo" });
    check({ helm: ".hidden/echo", valueFiles: ["values-dev.yaml", "../shared.yaml"] });
    check({ kustomize: "kustomize/echo/overlays/dev" }, { echo: { kustomize: { image: "echo" } } });
    check({ kustomize: "kustomize/echo/overlays/dev" }, { echo: {} });
  });

  const notFolder =
    "is not a folder of the repository; give it from the root, like charts/echo, or . for the root itself";
  it("takes the root of the repository, which a chart or an overlay may have to itself", () => {
    check({ helm: "." });
    check({ kustomize: "." }, { echo: {} });
  });

  const bad: [string, DeploySource, Record<string, ImageUpdate> | undefined, string][] = [
    [
      "neither",
      {} as DeploySource,
      undefined,
      "shop.deploy: give a chart (helm) or an overlay (kustomize), one of the two",
    ],
    [
      "both",
      { helm: "a", kustomize: "b" },
      undefined,
      "shop.deploy: give a chart (helm) or an overlay (kustomize), one of the two",
    ],
    ["an empty folder", { helm: "" }, undefined, `shop.deploy.helm: "" ${notFolder}`],
    ["an absolute folder", { helm: "/charts" }, undefined, `shop.deploy.helm: "/charts" ${notFolder}`],
    [
      "a folder outside",
      { helm: "charts/../.." },
      undefined,
      `shop.deploy.helm: "charts/../.." ${notFolder}`,
    ],
    ["the root with a slash", { helm: "./" }, undefined, `shop.deploy.helm: "./" ${notFolder}`],
    ["an overlay outside", { kustomize: "./a" }, { echo: {} }, `shop.deploy.kustomize: "./a" ${notFolder}`],
    [
      "values from elsewhere",
      { helm: "charts/echo", valueFiles: ["a.yaml", "https://acme.example/values.yaml"] },
      undefined,
      'shop.deploy.valueFiles[1]: "https://acme.example/values.yaml" is not a file of the repository; give it from the chart\'s folder, like values-dev.yaml',
    ],
    [
      "a chart without parameters for an image",
      { helm: "charts/echo" },
      { echo: {} },
      "shop.images.echo.helm is missing: name the chart's parameters for the image, {name, tag} or {spec}",
    ],
    [
      "Kustomize settings with a chart",
      { helm: "charts/echo" },
      { echo: { helm, kustomize: { image: "echo" } } },
      "shop.images.echo.kustomize has no effect: the service is deployed from a Helm chart; remove it",
    ],
    [
      "Helm settings with an overlay",
      { kustomize: "overlays/dev" },
      { echo: { helm } },
      "shop.images.echo.helm has no effect: the service is deployed from a Kustomize overlay; remove it",
    ],
  ];
  for (const [what, deploy, images, message] of bad) {
    it(`refuses ${what}`, () => {
      expect(thrown(() => check(deploy, images))).to.equal(message);
    });
  }
});
