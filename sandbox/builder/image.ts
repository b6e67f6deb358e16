import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { Header, Pax } from "tar";
import type { Entry } from "./context";
import type { Stage } from "./stage";

export interface Blob {
  mediaType: string;
  digest: string;
  bytes: Buffer;
}

export interface Image {
  /** Configuration and layers, each once. */
  blobs: Blob[];
  manifest: Blob;
  platform: { os: string; architecture: string; variant?: string };
}

const types = {
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
};

/**
 * Packs a stage into an image ("OCI Image Format Specification"). The same stage and time make the same image.
 * @param created milliseconds since 1970; the image says it to the millisecond, so that images can be sorted by it
 * @param labels added to those of the Dockerfile
 */
export function packImage(
  stage: Stage,
  options: { platform: string; created: number; labels: Record<string, string> },
): Image {
  const [os = "linux", architecture = "amd64", variant] = options.platform.split("/");
  const created = new Date(options.created).toISOString();
  const layers = stage.steps.flatMap(({ layer }) => (layer ? [packLayer(layer, options.created)] : []));
  const { Env, Labels, ...config } = stage.config;
  const configuration = blobOf(types.config, {
    created,
    architecture,
    os,
    ...(variant && { variant }),
    config: { ...config, ...(Env.length > 0 && { Env }), Labels: { ...Labels, ...options.labels } },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    history: stage.steps.map(({ createdBy, layer }) => ({
      created,
      created_by: createdBy,
      ...(!layer && { empty_layer: true }),
    })),
  });
  const manifest = blobOf(types.manifest, {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptor(configuration),
    layers: layers.map(({ blob }) => descriptor(blob)),
  });
  const blobs = [configuration, ...layers.map(({ blob }) => blob)];
  const unique = [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
  return { blobs: unique, manifest, platform: { os, architecture, ...(variant && { variant }) } };
}

/** The index of an image for several platforms. */
export function packIndex(images: readonly Image[]): Blob {
  return blobOf(types.index, {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: images.map(({ manifest, platform }) => ({ ...descriptor(manifest), platform })),
  });
}

function packLayer(entries: readonly Entry[], created: number): { diffId: string; blob: Blob } {
  const blocks = [...withFolders(entries)].flatMap((entry) => tarBlocks(entry, new Date(created)));
  const archive = Buffer.concat([...blocks, Buffer.alloc(1024)]);
  const bytes = gzipSync(archive);
  return {
    diffId: digestOf(archive),
    blob: { mediaType: types.layer, digest: digestOf(bytes), bytes },
  };
}

/** Each path once, and the folders above it first, as archives for images have them. */
function withFolders(entries: readonly Entry[]): Entry[] {
  const all = new Map<string, Entry>();
  for (const entry of entries) {
    const parts = entry.path.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
      const path = parts.slice(0, depth).join("/");
      if (!all.has(path)) all.set(path, { path, kind: "folder", mode: 0o755, uid: 0, gid: 0 });
    }
    all.set(entry.path, entry);
  }
  return [...all.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

function tarBlocks(entry: Entry, modified: Date): Buffer[] {
  const content = entry.content ?? Buffer.alloc(0);
  const type = { file: "File", folder: "Directory", link: "SymbolicLink" } as const;
  const header = new Header({
    path: entry.kind === "folder" ? `${entry.path}/` : entry.path,
    linkpath: entry.target,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: content.length,
    mtime: new Date(Math.floor(modified.getTime() / 1000) * 1000),
    type: type[entry.kind],
  });
  const block = Buffer.alloc(512);
  const tooLong = header.encode(block);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  const extended = tooLong ? [new Pax({ path: header.path, linkpath: header.linkpath }).encode()] : [];
  return [...extended, block, content, padding];
}

function blobOf(mediaType: string, value: object): Blob {
  const bytes = Buffer.from(JSON.stringify(value));
  return { mediaType, digest: digestOf(bytes), bytes };
}

const descriptor = ({ mediaType, digest, bytes }: Blob) => ({ mediaType, digest, size: bytes.length });
const digestOf = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
