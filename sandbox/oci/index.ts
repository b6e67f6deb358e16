/**
 * A client for OCI registries: tags, manifests, configs, with bearer tokens or basic authentication, over the sandbox's
 * own name service. It only reads.
 */
export { Authorization, type Credentials } from "./authorization";
export { type Build, readTag, type TagContent } from "./builds";
export { RegistryError } from "./errors";
export { imageSource } from "./image-source";
export { parseReference, type Reference } from "./reference";
export { type ImageConfig, type Manifest, type Platform, Registry, type RegistryOptions } from "./registry";
export type { Requester } from "./requester";
