/**
 * A Git repository that the pipeline works with: a fork that the stack makes, or one that exists.
 */
import { getRepositoryOutput } from "@pulumi/github/getRepository";
import { Repository } from "@pulumi/github/repository";
import * as pulumi from "@pulumi/pulumi";
import { orphanedGitRepository, unlessOrphaned } from "../adoption";
import { Component } from "../component";
import { VisibleError } from "../error";
import { onlyAfter, unlessHeld } from "../held";
import { check, checked } from "../validation";
import {
  branchRule,
  forkOwnerRule,
  fullNameRule,
  type RepositoryVisibility,
  repositoryRule,
  repositoryVisibilityRule,
  splitFullName,
} from "./names";

export interface ForkedRepositoryArgs {
  /**
   * `owner/name` of the repository to fork. Plain, like `existing`: one of the two decides what is created. A fork that
   * exists stays what it is: for another source give the component another name.
   */
  source?: string;
  /** `owner/name` of a repository that exists and stays as it is. Nothing is created. */
  existing?: string;
  /**
   * The user or organisation that gets the fork: the one that the GitHub provider is configured with (`github:owner`),
   * not the owner of the source. Required with `source`.
   */
  owner?: pulumi.Input<string>;
  /**
   * The fork's name. A change renames the repository.
   *
   * @default the source's name
   */
  name?: pulumi.Input<string>;
  /**
   * GitHub gives a fork of a public repository no other visibility than `public`.
   *
   * @default "public"
   */
  visibility?: pulumi.Input<RepositoryVisibility>;
  /**
   * The line under the name on GitHub.
   *
   * @default "Fork of <source>"
   */
  description?: pulumi.Input<string>;
  /**
   * The branch that the pipeline reads and writes. It comes with the fork; nothing creates it.
   *
   * @default "main"
   */
  branch?: pulumi.Input<string>;
  /**
   * Whether deleting the fork archives it instead: read-only, with all commits. The name stays taken.
   *
   * @default true
   */
  archiveOnDestroy?: pulumi.Input<boolean>;
}

/**
 * A fork, or an existing repository, behind the same outputs.
 *
 * All outputs wait until the repository exists. A fork's owner and addresses are therefore unknown in its first preview;
 * an existing repository is looked up in previews too, so that a misspelt name shows there.
 *
 * @example
 * ```ts
 * const deploy = new ForkedRepository("echo-deploy", {
 *   source: "ackone-samples/echo-deploy",
 *   owner: "acme",
 * });
 * export const url = deploy.httpsUrl;
 * ```
 */
export class ForkedRepository extends Component {
  /** `owner/name`. */
  readonly fullName: pulumi.Output<string>;
  readonly owner: pulumi.Output<string>;
  /** Without owner. */
  readonly name: pulumi.Output<string>;
  /** For clones with a token: `https://…/owner/name.git`. */
  readonly httpsUrl: pulumi.Output<string>;
  /** For clones with a key: `git@…:owner/name.git`. */
  readonly sshUrl: pulumi.Output<string>;
  readonly branch: pulumi.Output<string>;
  /** Escape hatch to the fork; undefined for an existing repository. */
  readonly repository: Repository | undefined;

  constructor(name: string, args: ForkedRepositoryArgs, options?: pulumi.ComponentResourceOptions) {
    super("ackone:source:ForkedRepository", name, options);
    const branch = checked(`${name}.branch`, args.branch ?? "main", branchRule);
    const origin = checkOrigin(name, args);
    this.repository = origin.kind === "fork" ? this.createFork(name, args, origin.fullName) : undefined;
    const facts = this.repository
      ? {
          fullName: this.repository.fullName,
          httpsUrl: this.repository.httpCloneUrl,
          sshUrl: this.repository.sshCloneUrl,
        }
      : this.findExisting(name, origin.fullName);
    this.fullName = facts.fullName;
    this.owner = this.fullName.apply((fullName) => splitFullName(fullName).owner);
    this.name = this.fullName.apply((fullName) => splitFullName(fullName).name);
    this.httpsUrl = facts.httpsUrl;
    this.sshUrl = facts.sshUrl;
    this.branch = pulumi.output(branch);
    this.registerOutputs({ fullName: this.fullName, httpsUrl: this.httpsUrl, branch: this.branch });
  }

  private createFork(name: string, args: ForkedRepositoryArgs, source: string): Repository {
    if (args.owner === undefined) {
      throw new VisibleError(`${name}.owner: it is missing; say which user or organisation gets the fork`);
    }
    const owner = checked(`${name}.owner`, args.owner, forkOwnerRule(source));
    const { owner: sourceOwner, name: sourceRepo } = splitFullName(source);
    const forkName = checked(`${name}.name`, args.name ?? sourceRepo, repositoryRule);
    const logicalName = `${name}-repository`;
    return new Repository(
      logicalName,
      {
        name: forkName,
        fork: "true",
        sourceOwner,
        sourceRepo,
        visibility: checked(`${name}.visibility`, args.visibility ?? "public", repositoryVisibilityRule),
        description: args.description ?? `Fork of ${source}`,
        archiveOnDestroy: args.archiveOnDestroy ?? true,
      },
      {
        parent: this,
        dependsOn: unlessOrphaned(this, logicalName, orphanedGitRepository(owner, forkName)),
        // The provider reads them back as GitHub has them today, and replaces the fork for a difference: for another case
        // of a letter, and when the source is renamed, moved or deleted.
        ignoreChanges: ["fork", "sourceOwner", "sourceRepo"],
      },
    );
  }

  private findExisting(name: string, fullName: string) {
    const decision = unlessHeld(name, "github:index/repository:Repository", "fullName", fullName, () => [
      `${name}.existing: "${fullName}" is a fork that this stack has made, and would now be archived or deleted, because the fork isn't in the stack file any more; go on naming the repository that it is a fork of (fork: …)`,
    ]);
    const found = getRepositoryOutput({ fullName: onlyAfter(decision, fullName) }, { parent: this });
    const present = found.apply((repository) => {
      if (!repository.repoId) {
        throw new VisibleError(
          `${name}.existing: "${fullName}" isn't there, or the GitHub token may not see it; check the name and the token's access`,
        );
      }
      return repository;
    });
    return { fullName: present.fullName, httpsUrl: present.httpCloneUrl, sshUrl: present.sshCloneUrl };
  }
}

/** Exactly one of `source` and `existing`, written as `owner/name`. */
function checkOrigin(
  name: string,
  args: ForkedRepositoryArgs,
): { kind: "fork" | "existing"; fullName: string } {
  if (args.source !== undefined && args.existing === undefined) {
    return { kind: "fork", fullName: check(`${name}.source`, args.source, fullNameRule) };
  }
  if (args.existing !== undefined && args.source === undefined) {
    return { kind: "existing", fullName: check(`${name}.existing`, args.existing, fullNameRule) };
  }
  throw new VisibleError(`${name}: give either a source to fork or an existing repository`);
}
