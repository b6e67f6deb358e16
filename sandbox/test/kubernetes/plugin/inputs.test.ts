import { expect } from "chai";
import { Secret, UNKNOWN, type Values } from "../../../../provider/plugin/values";
import { read, write } from "../../../kubernetes/plugin/checkpoint";
import { type Fields, open, prune, withSecrets } from "../../../kubernetes/plugin/fields";
import { fromApi, normalize, toApi, withName } from "../../../kubernetes/plugin/inputs";
import { idOf, isPatch, kindOfToken, parseId } from "../../../kubernetes/plugin/kinds";

describe("inputs of an object", () => {
  it("lose what only the server may set", () => {
    const metadata = { name: "a", uid: "1", resourceVersion: "2", creationTimestamp: "3", managedFields: [] };
    expect(normalize({ kind: "X", metadata })).to.deep.equal({ kind: "X", metadata: { name: "a" } });
  });

  it("lose empty annotations, which no server keeps", () => {
    expect(
      normalize({ kind: "X", metadata: { name: "a", annotations: {}, labels: { b: "" } } }),
    ).to.deep.equal({
      kind: "X",
      metadata: { name: "a", labels: { b: "" } },
    });
  });

  it("of a Secret have stringData as data, which wins", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      data: { a: "b2xk", b: "Yg==" },
      stringData: { a: "new", c: UNKNOWN },
    };
    expect(normalize(secret)).to.deep.equal({
      apiVersion: "v1",
      kind: "Secret",
      data: { a: "bmV3", b: "Yg==", c: UNKNOWN },
    });
  });

  it("without a name get one, and keep it", () => {
    const named = withName({ kind: "ConfigMap", metadata: { namespace: "x" } }, undefined, "settings");
    const { name, annotations } = named["metadata"] as { name: string; annotations: Record<string, string> };
    expect(name).to.match(/^settings-[0-9a-f]{8}$/);
    expect(annotations).to.deep.equal({ "pulumi.com/autonamed": "true" });
    expect(withName({ kind: "ConfigMap", metadata: {} }, named, "settings")["metadata"]).to.include({ name });
    const chosen = { kind: "ConfigMap", metadata: { name: "mine" } };
    expect(withName(chosen, named, "settings")).to.equal(chosen);
    expect(withName({ metadata: {} }, chosen, "settings")["metadata"]).not.to.include({ name: "mine" });
  });

  it("of a CRD have the API's dashes", () => {
    const sdk = {
      x_kubernetes_preserve_unknown_fields: true,
      items: [{ x_kubernetes_list_type: "map" }],
      x_other: 1,
    };
    const api = {
      "x-kubernetes-preserve-unknown-fields": true,
      items: [{ "x-kubernetes-list-type": "map" }],
      x_other: 1,
    };
    expect(toApi(sdk)).to.deep.equal(api);
    expect(fromApi(api)).to.deep.equal(sdk);
  });
});

describe("secrets in an object", () => {
  it("are marked entry by entry, a list as a whole", () => {
    const origin: Values = { spec: { open: "1", token: new Secret("2"), list: ["3", new Secret("4")] } };
    expect(withSecrets({ spec: { open: "1", token: "2", list: ["3", "4"] } }, origin)).to.deep.equal({
      spec: { open: "1", token: new Secret("2"), list: new Secret(["3", "4"]) },
    });
  });

  it("are all data of a Secret, whoever wrote it", () => {
    expect(withSecrets({ kind: "Secret", data: { a: "b" } }, {})["data"]).to.deep.equal(
      new Secret({ a: "b" }),
    );
  });
});

describe("what is kept of an object", () => {
  const live = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "x", uid: "1", managedFields: [{ manager: "m", operation: "Apply" }] },
    data: { a: "1" },
  };

  it("comes back as it was written, without managed fields", () => {
    const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { a: "1" } };
    const state = write(inputs, live, { data: { a: new Secret("1") } }, "manager-1");
    expect(state["data"]).to.deep.equal({ a: new Secret("1") });
    const { metadata, ...rest } = read(state).live;
    expect(metadata).to.deep.equal({ name: "a", namespace: "x", uid: "1" });
    expect(rest).to.deep.equal({ apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } });
    expect(read(state)).to.deep.include({ inputs, fieldManager: "manager-1" });
  });

  it("is compared in the shape of the inputs: additions of others don't count", () => {
    const shape = { spec: { containers: [{ name: "a" }] } };
    const found: Fields = {
      spec: { containers: [{ name: "a", image: "i" }, { name: "sidecar" }], replicas: 1 },
      status: {},
    };
    expect(prune(found, shape, true)).to.deep.equal(shape);
    expect(prune(found, shape, false)).to.deep.equal({
      spec: { containers: [{ name: "a" }, { name: "sidecar" }] },
    });
    expect(prune({ verbs: ["get", "list"] }, { verbs: ["get"] }, true)).to.deep.equal({
      verbs: ["get", "list"],
    });
  });

  it("has the empty values that a typed object loses on the server, a custom resource doesn't", () => {
    const shape = { data: {}, immutable: false };
    expect(prune({}, shape, true)).to.deep.equal(shape);
    expect(prune({}, shape, false)).to.deep.equal({});
  });

  it("has no null entries", () => {
    expect(open({ a: null, b: { c: null, d: new Secret({ e: null, f: 1 }) } })).to.deep.equal({
      b: { d: { f: 1 } },
    });
  });
});

describe("names of kinds and objects", () => {
  it("are read from type tokens", () => {
    expect(kindOfToken("kubernetes:core/v1:ConfigMapPatch")).to.deep.equal({
      apiVersion: "v1",
      kind: "ConfigMap",
    });
    expect(kindOfToken("kubernetes:argoproj.io/v1alpha1:Application")).to.deep.equal({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
    });
    expect(isPatch("kubernetes:core/v1:ConfigMapPatch", "ConfigMap")).to.equal(true);
    expect(isPatch("kubernetes:x.io/v1:DispatchPatch", "DispatchPatch")).to.equal(false);
  });

  it("make ids with and without a namespace", () => {
    for (const key of [{ namespace: "x", name: "a" }, { name: "a" }])
      expect(parseId(idOf(key))).to.deep.equal(key);
  });
});
