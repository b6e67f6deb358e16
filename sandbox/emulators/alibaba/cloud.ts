import type { Job } from "./account/jobs";
import type { Account } from "./account/model";
import type { Builds } from "./cr/build-queue";
import type { ClusterHost, GitDirectory, World } from "./ports";
import type { Settings } from "./settings";

/** What actions and jobs work on: the account, the world around it, and the means to do something later. */
export interface Cloud {
  readonly account: Account;
  readonly region: string;
  readonly settings: Settings;
  readonly world: World;
  readonly clusters: ClusterHost;
  readonly git: GitDirectory;
  /** Where this emulator listens, `host:port`, for the Location service. */
  readonly address: { readonly http: string; readonly https: string };
  /** Whether somebody has bound a GitHub account in the console of ACR. */
  readonly sourceAccountBound: boolean;
  /** The user of the registry's fixed password. */
  readonly registryUser: string;
  /** The password that somebody sets in the console of a new instance; none is set by default. */
  readonly registryPassword?: string;
  readonly builds: Builds;
  /** Does `work` after `delay` milliseconds, also when the process was restarted in between. */
  later<A extends Record<string, string>>(delay: number, work: Job<A>, args: A): void;
}
