import { posix } from "node:path";
import type { BuildContext } from "./context";
import { copied } from "./copy";
import { DockerfileError, type Instruction, parseDockerfile } from "./dockerfile/instruction";
import { pairs, splitWords, substitute } from "./dockerfile/words";
import { checkCommand } from "./run";
import { Stage } from "./stage";

export interface Evaluation {
  /** The last stage: the image. */
  stage: Stage;
  /** Build arguments that no ARG asked for. */
  unused: string[];
}

/** Does what `docker build` does with a Dockerfile, but for running commands and pulling base images. */
export class DockerfileBuild {
  readonly #instructions: Instruction[];
  readonly #stages: Stage[] = [];
  /** ARG before the first FROM: FROM sees it, and a stage that declares it again. */
  readonly #global = new Map<string, string>();
  readonly #used = new Set<string>();
  #stage: Stage | undefined;

  /** @param platform like `linux/arm64` or `linux/arm/v7` */
  constructor(
    text: string,
    private readonly context: BuildContext,
    private readonly buildArgs: Readonly<Record<string, string>>,
    platform: string,
  ) {
    this.#instructions = parseDockerfile(text);
    const [os = "", arch = "", variant = ""] = platform.split("/");
    for (const [prefix, name] of [
      ["TARGET", platform],
      ["BUILD", "linux/amd64"],
    ] as const) {
      this.#global.set(`${prefix}PLATFORM`, name);
    }
    this.#global.set("TARGETOS", os).set("TARGETARCH", arch).set("TARGETVARIANT", variant);
    this.#global.set("BUILDOS", "linux").set("BUILDARCH", "amd64").set("BUILDVARIANT", "");
  }

  /**
   * @param step is told of every instruction before it is carried out
   * @throws DockerfileError
   */
  async run(step: (message: string) => Promise<void> = async () => {}): Promise<Evaluation> {
    const first = this.#instructions.find(({ keyword }) => keyword !== "ARG");
    if (first?.keyword !== "FROM") {
      throw new DockerfileError("no build stage in current context", first?.line ?? 1);
    }
    for (const [index, instruction] of this.#instructions.entries()) {
      await step(`Step ${index + 1}/${this.#instructions.length} : ${instruction.original}`);
      this.#perform(instruction);
    }
    const unused = Object.keys(this.buildArgs).filter((name) => !this.#used.has(name));
    return { stage: this.#stage as Stage, unused };
  }

  /** How many instructions there are. */
  get steps(): number {
    return this.#instructions.length;
  }

  #perform(instruction: Instruction): void {
    const { keyword, line } = instruction;
    if (keyword === "FROM") {
      this.#from(instruction);
      return;
    }
    if (!this.#stage) {
      this.#declare(instruction, this.#global);
      return;
    }
    const stage = this.#stage;
    const { config } = stage;
    const text = substitute(instruction.text, stage.variables());
    const shellForm = () => instruction.words ?? [...stage.shell, instruction.text];
    switch (keyword) {
      case "ADD":
      case "COPY":
        stage.add(
          copied(instruction, stage, { context: this.context, stages: this.#stages }),
          instruction.original,
        );
        return;
      case "ARG":
        this.#declare(instruction, stage.arguments);
        break;
      case "CMD":
        config.Cmd = instruction.text === "" ? [] : shellForm();
        break;
      case "ENTRYPOINT":
        config.Entrypoint = instruction.text === "" ? [] : shellForm();
        delete config.Cmd; // one that was inherited belongs to the other entry point
        break;
      case "ENV":
        for (const [name, value] of pairs(keyword, text, line)) stage.setEnv(name, value);
        break;
      case "EXPOSE":
        config.ExposedPorts = { ...config.ExposedPorts, ...ports(text) };
        break;
      case "LABEL":
        Object.assign(config.Labels, Object.fromEntries(pairs(keyword, text, line)));
        break;
      case "MAINTAINER":
        config.Labels["maintainer"] = text;
        break;
      case "RUN":
        checkCommand(instruction, stage);
        stage.opaque = true;
        stage.commands.push(instruction.original, ...instruction.heredocs.map(({ content }) => content));
        stage.steps.push({ createdBy: instruction.original, layer: [] });
        return;
      case "SHELL":
        if (!instruction.words)
          throw new DockerfileError("SHELL requires the arguments to be in JSON form", line);
        stage.shell = instruction.words;
        break;
      case "STOPSIGNAL":
        config.StopSignal = one(keyword, text, line);
        break;
      case "USER":
        config.User = one(keyword, text, line);
        break;
      case "VOLUME":
        for (const path of instruction.words ?? splitWords(text)) {
          config.Volumes = { ...config.Volumes, [path]: {} };
        }
        break;
      case "WORKDIR":
        config.WorkingDir = posix.resolve(config.WorkingDir ?? "/", one(keyword, text, line));
        stage.makeFolder(config.WorkingDir);
        break;
    }
    stage.steps.push({ createdBy: instruction.original });
  }

  #from({ text, line }: Instruction): void {
    const [image = "", as, name, ...rest] = splitWords(substitute(text, this.#global));
    if (rest.length > 0 || (as !== undefined && (as.toUpperCase() !== "AS" || name === undefined))) {
      throw new DockerfileError("FROM requires either one or three arguments", line);
    }
    if (image === "") throw new DockerfileError(`base name (${text}) should not be blank`, line);
    const own = name?.toLowerCase() ?? "";
    if (own !== "" && !/^[a-z][a-z0-9-_.]*$/.test(own)) {
      throw new DockerfileError(
        `invalid name for build stage: "${name}", name can't start with a number or contain symbols`,
        line,
      );
    }
    const base = this.#stages.find((each) => each.name !== "" && each.name === image.toLowerCase());
    const stage = base ? Stage.from(base, own) : new Stage(own);
    if (!base && image !== "scratch") {
      if (!imageReference.test(image)) {
        throw new DockerfileError(`failed to parse stage name "${image}": invalid reference format`, line);
      }
      stage.opaque = true;
      stage.config.Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"];
      // The base image's layers are not pulled; an empty one keeps their place.
      stage.steps.push({ createdBy: `FROM ${image}`, layer: [] });
    }
    this.#stages.push(stage);
    this.#stage = stage;
  }

  #declare({ text, line }: Instruction, into: Map<string, string>): void {
    for (const word of splitWords(text)) {
      const [, name, value] = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(word) ?? [];
      if (name === undefined) throw new DockerfileError(`ARG names can not be blank: ${word}`, line);
      this.#used.add(name);
      const known = this.#stage ? this.#stage.variables() : this.#global;
      const given = Object.hasOwn(this.buildArgs, name) ? this.buildArgs[name] : undefined;
      const preset = value === undefined ? this.#global.get(name) : substitute(value, known);
      const found = given ?? preset;
      if (found !== undefined) into.set(name, found);
    }
  }
}

/** Host, path, tag and digest of an image, as docker's reference grammar has them. */
const imageReference =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

function one(keyword: string, text: string, line: number): string {
  const words = splitWords(text);
  if (words.length !== 1) throw new DockerfileError(`${keyword} requires exactly one argument`, line);
  return words[0] ?? "";
}

function ports(text: string): Record<string, object> {
  const found: Record<string, object> = {};
  for (const word of splitWords(text)) {
    if (!/^\d{1,5}(?:-\d{1,5})?(?:\/(?:tcp|udp|sctp))?$/.test(word)) {
      throw new DockerfileError(`invalid containerPort: ${word}`);
    }
    found[word.includes("/") ? word : `${word}/tcp`] = {};
  }
  return found;
}
