import { expect } from "chai";
import { behaviourOf } from "../../image-updater/behaviour";
import { parseImage } from "../../image-updater/image-reference";
import { parseRegistries, registryOf } from "../../image-updater/registries-conf";
import { hostedObjects } from "../../kubernetes/fleet/hosted-argocd";

describe("Image Updater stand-in: registries.conf", () => {
  const entry = (more: string) => `registries:\n- {name: acr, api_url: "https://r.example.com/", ${more}}\n`;

  it("reads an entry with all of its keys", () => {
    const text =
      "prefix: r.example.com, ping: no, credentials: 'secret:argocd/acr#acr', credsexpire: 1h30m, " +
      "tagsortmode: latest-first, insecure: false, defaultns: acme, limit: 0, default: true";
    expect(parseRegistries(entry(text))[0]).to.deep.equal({
      name: "acr",
      api: "https://r.example.com",
      prefix: "r.example.com",
      credentials: "secret:argocd/acr#acr",
      credentialsExpire: 5_400_000,
      tagSortMode: "latest-first",
      insecure: false,
      defaultNamespace: "acme",
      limit: Number.POSITIVE_INFINITY,
      isDefault: true,
    });
  });

  it("reads the file that ACK One brings along, with its insecure: no", () => {
    const [hosted] = hostedObjects({ id: "c1", region: "cn-hangzhou" }).flatMap(({ metadata, ...rest }) =>
      metadata.name === "argocd-image-updater-config" ? [rest["data"] as Record<string, string>] : [],
    );
    expect(hosted?.["registries.conf"]).to.contain("insecure: no\n");
    expect(parseRegistries(hosted?.["registries.conf"] ?? "")).to.have.lengthOf(1);
    expect(parseRegistries(hosted?.["registries.conf"] ?? "")[0]).to.include({
      prefix: "registry-vpc.cn-hangzhou.aliyuncs.com",
      insecure: false,
    });
  });

  it("takes the plain booleans of YAML 1.1, and no other word or form", () => {
    const insecure = (value: string) => parseRegistries(entry(`insecure: ${value}`))[0]?.insecure;
    for (const value of ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"]) {
      expect(insecure(value), value).to.equal(true);
    }
    for (const value of ["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"]) {
      expect(insecure(value), value).to.equal(false);
    }
    for (const value of ["'no'", '"yes"', "yEs", "oN", "0", "1", "t", "!!str no", "[no]"]) {
      expect(() => insecure(value), value).to.throw(/insecure: cannot unmarshal/);
    }
    expect(parseRegistries("registries: [{name: no, api_url: x, prefix: on}]")[0]).to.include({
      name: "no",
      prefix: "on",
    });
  });

  it("refuses the whole file for one mistake", () => {
    const wrong: [string, RegExp][] = [
      [entry("prefix: r, user: me"), /field user not found/],
      ["registry: []", /field registry not found/],
      [entry("credsexpire: 1d"), /not a duration/],
      [entry("tagsortmode: newest"), /unknown tag sort mode/],
      [entry("insecure: 'yes'"), /cannot unmarshal/],
      ["registries: [{api_url: x}]", /name is missing/],
      ["registries: [{name: x}]", /API URL must be specified/],
      [
        "registries: [{name: a, api_url: x}, {name: b, api_url: y}]",
        /only one default registry \(already is a\)/,
      ],
      [
        "registries: [{name: a, api_url: x, prefix: a, default: true}, {name: b, api_url: y, prefix: b, default: true}]",
        /cannot set registry b as default/,
      ],
      ["registries: [{name: a, name: b, api_url: x}]", /unique/],
    ];
    for (const [text, message] of wrong) {
      expect(() => parseRegistries(text), text).to.throw(message);
    }
  });

  it("finds a registry by its exact host, and from v0.17 by the longest prefix", () => {
    const registries = parseRegistries(
      "registries: [{name: all, api_url: a, prefix: r.example.com/}, {name: team, api_url: b, prefix: r.example.com/team}]",
    );
    const image = parseImage("r.example.com/team/echo");
    expect(registryOf(image, registries, behaviourOf("v0.17")).name).to.equal("team");
    expect(registryOf(image, registries, behaviourOf("v0.16"))).to.include({
      api: "https://r.example.com",
      credentials: "",
    });
  });

  it("looks images without host up in the default registry, Docker Hub unless another is", () => {
    const own = parseRegistries(entry("default: true"));
    expect(registryOf(parseImage("echo"), own, behaviourOf()).name).to.equal("acr");
    expect(registryOf(parseImage("echo"), [], behaviourOf()).api).to.equal("https://registry-1.docker.io");
  });
});
