import type { Entry } from "./context";

/** What an image says about how it is run ("OCI Image Format Specification", config). */
export interface ImageConfig {
  Env: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  User?: string;
  WorkingDir?: string;
  ExposedPorts?: Record<string, object>;
  Volumes?: Record<string, object>;
  StopSignal?: string;
  Labels: Record<string, string>;
}

/** One step of an image's history. */
export interface Step {
  /** As `docker history` shows it. */
  createdBy: string;
  /** What it added; undefined for a step that only changed the configuration. */
  layer?: Entry[];
}

/** A stage of a Dockerfile while it is being built: what is known of its files, and the image so far. */
export class Stage {
  /** Files by path; those that commands or the base image made are not known. */
  readonly files = new Map<string, Entry>();
  readonly steps: Step[] = [];
  /** Whether there may be files that aren't known. */
  opaque = false;
  /** Commands that have run, for what they made. */
  readonly commands: string[] = [];
  config: ImageConfig = { Env: [], Labels: {} };
  shell = ["/bin/sh", "-c"];
  /** Names and values of ARG and ENV; those of ENV win. */
  readonly arguments = new Map<string, string>();

  constructor(readonly name: string) {}

  /** A stage that begins with what another one has. */
  static from(base: Stage, name: string): Stage {
    const stage = new Stage(name);
    for (const [path, entry] of base.files) stage.files.set(path, entry);
    stage.steps.push(...base.steps);
    stage.commands.push(...base.commands);
    stage.opaque = base.opaque;
    stage.config = structuredClone(base.config);
    stage.shell = [...base.shell];
    return stage;
  }

  /** What `$name` stands for here. */
  variables(): Map<string, string> {
    const env = this.config.Env.map((each) => {
      const equals = each.indexOf("=");
      return [each.slice(0, equals), each.slice(equals + 1)] as const;
    });
    return new Map([...this.arguments, ...env]);
  }

  setEnv(name: string, value: string): void {
    const others = this.config.Env.filter((each) => !each.startsWith(`${name}=`));
    this.config.Env = [...others, `${name}=${value}`];
  }

  /** A folder that is there without having been copied. @param absolute from the root */
  makeFolder(absolute: string): void {
    const path = absolute.replace(/^\/+/, "");
    if (path !== "") this.files.set(path, { path, kind: "folder", mode: 0o755, uid: 0, gid: 0 });
  }

  add(entries: Entry[], createdBy: string): void {
    for (const entry of entries) this.files.set(entry.path, entry);
    this.steps.push({ createdBy, layer: entries });
  }
}
