import { expect } from "chai";
import { behaviourOf } from "../../image-updater/behaviour";
import type { Write } from "../../image-updater/decide";
import { writeBackOf, writeBranchName } from "../../image-updater/write-back";
import { decideIn, host, image, type World } from "./support";

describe("Image Updater stand-in: write-back", () => {
  const write = (world: World) => decideIn(world).write as Extract<Write, { method: "git" }>;
  const keys = { "app.helm.image-name": "image.echo.repository", "app.helm.image-tag": "image.echo.tag" };
  const override = (tag: string, more = "") =>
    `helm:\n  parameters:\n${more}  - name: image.echo.repository\n    value: ${image}\n    forcestring: true\n` +
    `  - name: image.echo.tag\n    value: ${tag}\n    forcestring: true\n`;
  const other = "  - name: other\n    value: kept\n    forcestring: true\n";

  it("writes the chart's override next to it, on the revision that the Application follows", () => {
    const { to, content, message, branch } = write({ annotations: keys });
    expect(to).to.include({ repository: "https://git.example.com/acme/echo-deploy.git", branch: "main" });
    expect(to.target).to.deep.equal({ kind: "override", path: "charts/echo/.argocd-source-echo-dev.yaml" });
    expect(content).to.equal(override("v1.0.1"));
    expect(branch).to.equal("");
    expect(message).to.equal(
      "build: automatic update of echo-dev\n\nupdates image echo-dev/echo-server tag 'v1.0.0' to 'v1.0.1'\n",
    );
  });

  it("writes the override of a chart at the root of the repository there", () => {
    const result = writeBackOf(
      "echo-dev",
      { source: { repoURL: "r", path: "." } },
      { "argocd-image-updater.argoproj.io/write-back-method": "git" },
      behaviourOf("v0.16"),
    ) as Extract<ReturnType<typeof writeBackOf>, { method: "git" }>;
    expect(result.target).to.deep.equal({ kind: "override", path: ".argocd-source-echo-dev.yaml" });
  });

  it("keeps other parameters of the file from v0.13 on, and drops them in v0.12", () => {
    const file = override("v1.0.0", other);
    expect(write({ annotations: keys, file }).content).to.equal(override("v1.0.1", other));
    expect(write({ annotations: keys, file, release: "v0.12" }).content).to.equal(override("v1.0.1"));
  });

  it("copies the parameters of the Application in, since Argo CD replaces the list", () => {
    const source = { helm: { parameters: [{ name: "other", value: "kept", forceString: true }] } };
    expect(write({ annotations: keys, source }).content).to.equal(override("v1.0.1", other));
  });

  it("writes image.name and image.tag where nobody names keys, and for an image without an alias", () => {
    const content =
      `helm:\n  parameters:\n  - name: image.name\n    value: ${image}\n    forcestring: true\n` +
      "  - name: image.tag\n    value: v1.0.1\n    forcestring: true\n";
    expect(write({}).content).to.equal(content);
    const annotations = { ...keys, "image-list": image, "helm.image-tag": "image.echo.tag" };
    expect(write({ annotations }).content).to.equal(content);
  });

  it("finds the keys of an alias with a slash by _, and keeps the slash in the name of a branch", () => {
    const annotations = {
      "image-list": `acme/echo=${image}`,
      "acme_echo.helm.image-name": "image.echo.repository",
      "acme_echo.helm.image-tag": "image.echo.tag",
      "git-branch": ":bump-{{range .Images}}{{.Alias}}{{end}}",
    };
    const { content, branch } = write({ annotations });
    expect(content).to.equal(override("v1.0.1"));
    expect(branch).to.equal("bump-acme/echo");
  });

  it("copies the parameters of the source that is written in, of several", () => {
    const parameters = [{ name: "other", value: "kept", forceString: true }];
    const unrelated = [{ name: "unrelated", value: "x" }];
    const sources = [
      { path: "values" },
      { path: "chart", helm: { parameters } },
      { helm: { parameters: unrelated } },
    ];
    const { to, content } = write({ annotations: keys, sources, sourceTypes: ["Directory", "Helm", "Helm"] });
    expect(to.target.path).to.equal("chart/.argocd-source-echo-dev.yaml");
    expect(content).to.equal(override("v1.0.1", other));
  });

  it("writes image-spec alone, though name and tag are given", () => {
    const annotations = { ...keys, "app.helm.image-spec": "image" };
    expect(write({ annotations }).content).to.equal(
      `helm:\n  parameters:\n  - name: image\n    value: ${image}:v1.0.1\n    forcestring: true\n`,
    );
  });

  it("writes images of a kustomization, with the name that they replace", () => {
    const kustomize: World = { sourceType: "Kustomize" };
    expect(write(kustomize).content).to.equal(`kustomize:\n  images:\n  - ${image}:v1.0.1\n`);
    expect(write({ ...kustomize, annotations: { "app.kustomize.image-name": "echo" } }).content).to.equal(
      `kustomize:\n  images:\n  - echo=${image}:v1.0.1\n`,
    );
  });

  it("changes a kustomization file in its place", () => {
    const annotations = { "write-back-target": "kustomization:../base", "app.kustomize.image-name": "echo" };
    const file =
      "# ours\nresources:\n- echo.yaml\nimages:\n- name: echo-web\n  newTag: v9\n- name: echo\n  newTag: v1\n";
    const { to, content } = write({ annotations, file });
    expect(to.target).to.deep.equal({ kind: "kustomization", path: "charts/base" });
    expect(content).to.equal(
      "# ours\nresources:\n- echo.yaml\nimages:\n- name: echo-web\n  newTag: v9\n" +
        `- name: echo\n  newName: ${host}/echo-dev/echo-server\n  newTag: v1.0.1\n`,
    );
  });

  it("changes values of a chart by path, or by the key as it stands", () => {
    const annotations = { ...keys, "write-back-target": "helmvalues:values-dev.yaml" };
    const { to, content } = write({
      annotations,
      file: "image:\n  echo:\n    tag: v1.0.0\nimage.echo.repository: x\n",
    });
    expect(to.target.path).to.equal("charts/echo/values-dev.yaml");
    expect(content).to.equal(`image:\n  echo:\n    tag: v1.0.1\nimage.echo.repository: ${image}\n`);
    expect(write({ annotations }).content).to.equal(
      `image:\n  echo:\n    repository: ${image}\n    tag: v1.0.1\n`,
    );
    expect(decideIn({ annotations, file: "image: echo\n" }).reason).to.match(/unexpected type for key image/);
  });

  it("reads targets from the source's path, from the root with a slash, and not at all in v0.12", () => {
    const target = (value: string, release: "v0.12" | "v0.16") => {
      const annotations = {
        "argocd-image-updater.argoproj.io/write-back-method": "git",
        "argocd-image-updater.argoproj.io/write-back-target": value,
      };
      const source = { repoURL: "r", path: "p" };
      const result = writeBackOf("app", { source }, annotations, behaviourOf(release));
      return result.method === "git" ? result.target.path : undefined;
    };
    expect(target("helmvalues", "v0.16")).to.equal("p/values.yaml");
    expect(target("helmvalues:/x/values.yaml", "v0.16")).to.equal("x/values.yaml");
    expect(target("somewhere.yaml", "v0.16")).to.equal("somewhere.yaml");
    expect(target("helmvalues", "v0.12")).to.equal("p/.argocd-source-app.yaml");
    expect(target("kustomization", "v0.12")).to.equal("p");
  });

  it("pushes to a branch of its own from a template", () => {
    const { to, branch } = write({
      annotations: { "git-branch": "release:bump-{{range .Images}}{{.Alias}}-{{.NewTag}}{{end}}" },
    });
    expect(to.branch).to.equal("release");
    expect(branch).to.equal("bump-app-v1.0.1");
    const sha = write({ annotations: { "git-branch": ":bump-{{.SHA256}}" } });
    expect(sha.to.branch).to.equal("main");
    expect(sha.branch).to.match(/^bump-[0-9a-f]{64}$/);
    expect(writeBranchName("x".repeat(300), [])).to.have.length(255);
    expect(() => writeBranchName("{{.Nothing}}", [])).to.throw(/could not be created from the template/);
  });

  it("takes HEAD for the remote's default branch", () => {
    expect(write({ source: { targetRevision: "HEAD" } }).to.branch).to.equal("");
  });

  it("changes the Application itself with the method argocd, which is the default", () => {
    expect(decideIn({ annotations: { "write-back-method": undefined } }).write).to.deep.equal({
      method: "argocd",
      parameters: [
        { name: "image.name", value: image, forceString: true },
        { name: "image.tag", value: "v1.0.1", forceString: true },
      ],
      images: [],
    });
  });

  it("does not write an image that is not live: v0.12 forgets it, later releases keep it", () => {
    const annotations = { ...keys, "image-list": `app=${image},web=${host}/echo-dev/echo-web` };
    const file = override("v1.0.0", other);
    expect(write({ annotations, file }).content).to.equal(override("v1.0.1", other));
    expect(decideIn({ annotations, file }).reason).to.match(/echo-web' seems not to be live/);
  });
});
