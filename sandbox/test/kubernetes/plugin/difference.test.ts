import { expect } from "chai";
import { UNKNOWN } from "../../../../provider/plugin/values";
import { difference } from "../../../kubernetes/plugin/difference";
import type { Fields } from "../../../kubernetes/plugin/fields";
import { immutableProperties } from "../../../kubernetes/plugin/kinds";

const strict = { enableSecretMutable: false, enableConfigMapMutable: false };
const changes = (live: Fields, wanted: Fields, immutable: string[] = []) =>
  difference(live, wanted, immutable);

describe("the differences between a live object and its inputs", () => {
  it("are none for equal trees", () => {
    const tree = { spec: { a: [1, { b: "c" }] } };
    expect(changes(tree, structuredClone(tree))).to.deep.equal({});
  });

  it("name paths as Pulumi writes them", () => {
    const live = { metadata: { annotations: { "a.b/c": "1" } }, spec: { rules: [{ host: "x" }], old: 1 } };
    const wanted = {
      metadata: { annotations: { "a.b/c": "2" } },
      spec: { rules: [{ host: "y" }, { host: "z" }] },
    };
    expect(changes(live, wanted)).to.deep.equal({
      'metadata.annotations["a.b/c"]': "update",
      "spec.rules[0].host": "update",
      "spec.rules[1]": "add",
      "spec.old": "delete",
    });
  });

  it("count a value that isn't known yet", () => {
    expect(changes({ data: { a: "1" } }, { data: { a: UNKNOWN, b: UNKNOWN } })).to.deep.equal({
      "data.a": "update",
      "data.b": "add",
    });
  });

  it("replace when name, namespace or what the kind fixes has changed", () => {
    const secret = immutableProperties("v1", "Secret", strict);
    expect(
      changes(
        { metadata: { name: "a" }, data: { x: "1" } },
        { metadata: { name: "b" }, data: { x: "2" } },
        secret,
      ),
    ).to.deep.equal({
      "metadata.name": "update-replace",
      "data.x": "update-replace",
    });
    const binding = immutableProperties("rbac.authorization.k8s.io/v1", "RoleBinding", strict);
    expect(
      changes({ roleRef: { name: "a" }, subjects: [] }, { roleRef: { name: "b" }, subjects: [1] }, binding),
    ).to.deep.equal({
      "roleRef.name": "update-replace",
      "subjects[0]": "add",
    });
  });

  it("update data in place when the provider says that it's mutable", () => {
    const mutable = { enableSecretMutable: true, enableConfigMapMutable: true };
    expect(immutableProperties("v1", "Secret", mutable)).to.deep.equal([
      "metadata.name",
      "metadata.namespace",
      "type",
    ]);
    expect(immutableProperties("v1", "ConfigMap", mutable)).to.deep.equal([
      "metadata.name",
      "metadata.namespace",
    ]);
  });
});
