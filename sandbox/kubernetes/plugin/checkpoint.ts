/**
 * What the engine keeps of an object: the live object, and beside it the inputs and the field manager. Keys and form
 * are the real provider's, so that a stack can go from one to the other; only `managedFields` is left out, which is
 * most of the bytes of a small object and nobody's business.
 */
import { Secret, type Value, type Values } from "../../../provider/plugin/values";
import type { KubeObject } from "../api/client";
import { asFields, type Fields, holdsSecret, isFields, open, withSecrets } from "./fields";
import { fromApi, toApi } from "./inputs";

export interface Checkpoint {
  /** Normalised inputs as last sent. */
  inputs: Fields;
  /** The object as last seen. */
  live: Fields;
  fieldManager: string | undefined;
}

/** @param origin inputs with their secrets, to mark them again in what is kept */
export function write(inputs: Fields, live: KubeObject, origin: Values, fieldManager: string): Values {
  const { managedFields: _, ...metadata } = live.metadata;
  const object = fromApi(asFields({ ...live, metadata } as KubeObject)) as Fields;
  const result = withSecrets(object, origin);
  // A secret string is a secret still when the server has made base64 of it.
  if (object["kind"] === "Secret" && holdsSecret(origin["stringData"]) && "data" in object) {
    result["data"] = new Secret(object["data"] as Value);
  }
  return {
    ...result,
    __inputs: withSecrets(fromApi(inputs) as Fields, origin),
    __initialApiVersion: String(inputs["apiVersion"] ?? live.apiVersion),
    __fieldManager: fieldManager,
  };
}

export function read(state: Values): Checkpoint {
  const { __inputs, __initialApiVersion: _, __fieldManager, ...live } = toApi(open(state)) as Fields;
  return {
    inputs: isFields(__inputs) ? __inputs : {},
    live,
    fieldManager: typeof __fieldManager === "string" ? __fieldManager : undefined,
  };
}
