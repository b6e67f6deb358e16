import { expect } from "chai";
import { refreshPaths } from "../../../components/delivery/refresh-paths";

/** Argo CD's rule for one changed file: equal, below the path as a folder, or matched by Go's filepath.Match. */
function concerns(paths: string, file: string): boolean {
  return paths.split(";").some((pattern) => {
    const expression = pattern
      .replace(/[.+^${}()|\\]/g, (character) => (character === "^" ? "^" : `\\${character}`))
      .replace(/\*/g, "[^/]*")
      .replace("[^\\.]", "[^./]");
    return file === pattern || file.startsWith(`${pattern}/`) || new RegExp(`^${expression}$`).test(file);
  });
}

describe("components/delivery/refresh-paths", () => {
  const paths = refreshPaths("echo-staging", { helm: "charts/echo" });

  it("names the Application's own override first, then every other file at each depth", () => {
    expect(paths.split(";").slice(0, 6)).to.deep.equal([
      "/charts/echo/.argocd-source-echo-staging.yaml",
      "/charts/echo/.argocd-source.yaml",
      "/[^.]*",
      "/.[^a]*",
      "/*/[^.]*",
      "/*/.[^a]*",
    ]);
    expect(paths.split(";")).to.have.length(18);
  });

  it("isn't concerned with what Image Updater writes for other Applications", () => {
    expect(concerns(paths, "/charts/echo/.argocd-source-echo-production.yaml")).to.equal(false);
    expect(concerns(paths, "/kustomize/greeter/overlays/dev/.argocd-source-greeter-dev.yaml")).to.equal(
      false,
    );
  });

  it("is concerned with its own override, and with everything that people write", () => {
    const files = [
      "/charts/echo/.argocd-source-echo-staging.yaml",
      "/charts/echo/.argocd-source.yaml",
      "/charts/echo/values-staging.yaml",
      "/charts/echo/templates/deep/er/a.yaml",
      "/charts/echo/.helmignore",
      "/kustomize/greeter/base/deployment.yaml",
      "/README.md",
    ];
    expect(files.filter((file) => !concerns(paths, file))).to.deep.equal([]);
  });

  it("takes the root of the repository", () => {
    const [own] = refreshPaths("echo-dev", { helm: "." }).split(";");
    expect(own).to.equal("/.argocd-source-echo-dev.yaml");
  });

  it("takes the folder of an overlay", () => {
    const own = refreshPaths("greeter-dev", { kustomize: "kustomize/greeter/overlays/dev" }).split(";")[0];
    expect(own).to.equal("/kustomize/greeter/overlays/dev/.argocd-source-greeter-dev.yaml");
  });
});
