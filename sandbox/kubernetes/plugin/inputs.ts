import { randomBytes } from "node:crypto";
import { type Open, UNKNOWN } from "../../../provider/plugin/values";
import { annotation, type Fields, isEmpty, isFields, metadataOf, withMetadata } from "./fields";

const autonamed = "pulumi.com/autonamed";

/** The server fills these in; in inputs (of an import, say) they'd only cause differences. */
const readOnly = [
  ...["creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields"],
  ...["resourceVersion", "uid", "selfLink"],
];

/** Keys of CRD schemas: the SDK can't have dashes in property names. */
const dashed =
  /^x_kubernetes_(embedded_resource|int_or_string|list_map_keys|list_type|map_type|preserve_unknown_fields|validations)$/;

/**
 * Brings inputs into the one form in which they are compared, kept and sent: no read-only metadata, and a Secret's
 * `stringData` as `data`, which is how the server stores it.
 */
export function normalize(inputs: Fields): Fields {
  const metadata = { ...(metadataOf(inputs) as Fields) };
  for (const key of readOnly) delete metadata[key];
  // No server keeps these when they are empty, whatever the kind.
  for (const key of ["annotations", "labels", "finalizers"]) if (isEmpty(metadata[key])) delete metadata[key];
  const result: Fields = { ...inputs, ...(isFields(inputs["metadata"]) ? { metadata } : {}) };
  if (inputs["apiVersion"] === "v1" && inputs["kind"] === "Secret" && isFields(inputs["stringData"])) {
    const data: Fields = isFields(inputs["data"]) ? { ...inputs["data"] } : {};
    for (const [key, value] of Object.entries(inputs["stringData"])) data[key] = encode(value);
    delete result["stringData"];
    result["data"] = data;
  } else if (
    inputs["apiVersion"] === "v1" &&
    inputs["kind"] === "Secret" &&
    inputs["stringData"] === UNKNOWN
  ) {
    delete result["stringData"];
    result["data"] = UNKNOWN;
  }
  return result;
}

const encode = (value: Open): Open =>
  value === UNKNOWN ? UNKNOWN : Buffer.from(String(value), "utf8").toString("base64");

/** `x_kubernetes_…` of the SDK to `x-kubernetes-…` of the API, at any depth. */
export function toApi(value: Open): Open {
  return renameKeys(value, (key) => (dashed.test(key) ? key.replaceAll("_", "-") : key));
}

/** The other way round. */
export function fromApi(value: Open): Open {
  const known = (key: string) => dashed.test(key.replaceAll("-", "_"));
  return renameKeys(value, (key) =>
    key.startsWith("x-kubernetes-") && known(key) ? key.replaceAll("-", "_") : key,
  );
}

function renameKeys(value: Open, rename: (key: string) => string): Open {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, rename));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [rename(key), renameKeys(entry, rename)]),
  );
}

/**
 * Gives an object without a name one: the one it had, else the resource's name and a random suffix. The annotation
 * says that nobody chose it, so a replacement may exist beside the old object.
 */
export function withName(inputs: Fields, old: Fields | undefined, resourceName: string): Fields {
  if (metadataOf(inputs).name !== undefined) return inputs;
  const adopted = old && isAutonamed(old) ? metadataOf(old).name : undefined;
  const name = adopted ?? `${resourceName}-${randomBytes(4).toString("hex")}`;
  const annotations = { ...metadataOf(inputs).annotations, [autonamed]: "true" };
  return withMetadata(inputs, { name, annotations });
}

export const isAutonamed = (inputs: Fields) => annotation(inputs, autonamed) === "true";

/** A field manager of its own for every resource, as two Patch resources may own parts of one object. */
export const newFieldManager = () => `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
