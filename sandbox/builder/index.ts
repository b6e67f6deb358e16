/**
 * The build machine of Container Registry: clones the commit that was pushed, builds its Dockerfile and pushes the
 * image. No container is started; README.md says what is real and what isn't.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BuildOrder, ImageBuilder } from "../emulators/alibaba";
import { Network } from "../network/request";
import type { Registry } from "../registry";
import { checkOut, type GitSource, publicAddress } from "./clone";
import { BuildContext } from "./context";
import { DockerfileBuild } from "./evaluate";
import { type Blob, type Image, packImage, packIndex } from "./image";
import { RegistryPush } from "./push";

export type { GitSource } from "./clone";

export interface BuilderOptions {
  /** Folder for what is being built; emptied at the start. */
  home: string;
  git: GitSource;
  registry: Pick<Registry, "internalNames">;
  /** PEM of the authority behind the registry's certificate. */
  ca: string;
  /** Milliseconds by which a build is slowed down, so that people see it happen. @default 600 */
  duration?: number;
}

type Log = (stage: string, message: string) => void;

export function createBuilder({ home, git, registry, ca, duration = 600 }: BuilderOptions): ImageBuilder {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const network = new Network(registry.internalNames, ca);
  return {
    async build(order, log, signal) {
      const folder = join(home, order.id);
      try {
        log("PREPARE", `Build ${order.id} of ${targetOf(order)}`);
        checkTag(order.image.tag);
        log("CLONE", `Cloning ${publicAddress(order.source)} at ${order.source.commit ?? order.source.ref}`);
        const commit = await checkOut(order, git, folder, signal);
        log("CLONE", `HEAD is now at ${commit.slice(0, 7)}`);
        const images = await buildAll(order, commit, folder, log, pace(duration * 0.75, signal));
        await sleep(duration / 4, undefined, { signal });
        const digest = await pushAll(order, images, network, log, signal);
        return { digest, commit };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Spends `duration` in equal parts. @returns how to spend one of `parts` parts */
function pace(duration: number, signal: AbortSignal): (parts: number) => Promise<void> {
  return async (parts) => {
    await sleep(duration / parts, undefined, { signal });
  };
}

async function buildAll(
  order: BuildOrder,
  commit: string,
  folder: string,
  log: Log,
  pause: (parts: number) => Promise<void>,
): Promise<Image[]> {
  const { dockerfile, buildArgs, platforms, created, source } = order;
  const context = BuildContext.read(folder, dockerfile.location);
  const text = context.dockerfile(dockerfile.name);
  log("BUILD", `Sending build context to Docker daemon  ${(context.bytes / 1024).toFixed(2)}kB`);
  const images: Image[] = [];
  for (const platform of platforms) {
    const build = new DockerfileBuild(text, context, buildArgs, platform);
    if (platforms.length > 1) log("BUILD", `Building for ${platform}`);
    const parts = build.steps * platforms.length;
    const { stage, unused } = await build.run(async (message) => {
      log("BUILD", message);
      await pause(parts);
    });
    if (unused.length > 0) {
      log("BUILD", `[Warning] One or more build-args [${unused.join(" ")}] were not consumed`);
    }
    if (order.breakdown !== undefined) throw new Error(order.breakdown);
    const labels = {
      "org.opencontainers.image.created": new Date(created).toISOString(),
      "org.opencontainers.image.ref.name": source.ref,
      "org.opencontainers.image.revision": commit,
      "org.opencontainers.image.source": publicAddress(source),
    };
    images.push(packImage(stage, { platform, created, labels }));
  }
  return images;
}

/** The tag is pushed last: while it isn't there, nobody sees anything of the image. */
async function pushAll(
  order: BuildOrder,
  images: Image[],
  network: Network,
  log: Log,
  signal: AbortSignal,
): Promise<string> {
  const { host, repository, tag } = order.image;
  const [first] = images;
  if (!first) throw new Error("the build rule names no platform");
  const top: Blob = images.length > 1 ? packIndex(images) : first.manifest;
  log("BUILD", `Successfully built ${short(first.blobs[0]?.digest ?? top.digest)}`);
  log("BUILD", `Successfully tagged ${targetOf(order)}`);
  log("PUSH", `The push refers to repository [${host}/${repository}]`);
  const push = new RegistryPush(network, host, repository, order.login, signal);
  for (const { blobs, manifest } of images) {
    const there = await Promise.all(blobs.map((blob) => push.blob(blob)));
    for (const [index, { digest }] of blobs.entries()) {
      if (index > 0) log("PUSH", `${short(digest)}: ${there[index] ? "Layer already exists" : "Pushed"}`);
    }
    if (images.length > 1) await push.manifest(manifest, manifest.digest);
  }
  await push.manifest(top, tag);
  log("PUSH", `${tag}: digest: ${top.digest} size: ${top.bytes.length}`);
  return top.digest;
}

/** @throws Error as docker refuses a tag; a rule whose groups matched something odd makes one */
function checkTag(tag: string): void {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag)) {
    throw new Error(`invalid tag ${JSON.stringify(tag)}: invalid reference format`);
  }
}

const targetOf = ({ image }: BuildOrder) => `${image.host}/${image.repository}:${image.tag}`;
const short = (digest: string) => digest.slice(7, 19);
