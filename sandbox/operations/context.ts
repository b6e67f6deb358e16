import type { Platform } from "./platform";

/** One build of an image repository, as ACR's console lists them. */
export interface Build {
  id: string;
  /** `namespace/name` of the image repository. */
  repository: string;
  tag: string;
  status: "PENDING" | "BUILDING" | "SUCCESS" | "FAILED" | "CANCELED";
  /** Milliseconds since 1970. */
  startedAt: number;
  /** The first line of the log that says why it failed. */
  reason?: string;
}

/** Where a person works: a shell with the tools, logged in everywhere, and the folder of the stack. */
export interface OperatorContext {
  /** Variables of every command: PATH, KUBECONFIG, the argocd login, git's credentials. */
  environment: Readonly<Record<string, string>>;
  /** Folder in which `pulumi` knows the stack. */
  stackFolder: string;
  /** Made anew by whoever needs a place for clones, and removed after. */
  workFolder: string;
  /** Values that must not be shown, whoever prints them. */
  secrets: readonly string[];
  /** What the stack is about, as it was when the person sat down. @param anew ask `pulumi` again */
  platform(anew?: boolean): Promise<Platform>;
  /** The builds of all image repositories, the latest first. */
  builds(): Promise<Build[]>;
  /** Log lines of one build. @throws Error when there is no such build. */
  buildLog(id: string): Promise<string[]>;
  print(line: string): void;
}
