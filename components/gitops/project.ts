import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { invalid, VisibleError } from "../error";
import { check, checked, type Rule } from "../validation";
import {
  argocdApiVersion,
  argocdNamespace,
  deletionTimeout,
  explicitlyNamed,
  resourcesFinalizer,
} from "./argocd";
import { labelRule, namespaceRule } from "./names";
import { groupRule, projectPolicyRule, roleNameRule } from "./policy";

/** Where the Applications of a project may deploy. */
export interface ProjectDestination {
  /** Name of the member cluster in Argo CD: `MemberCluster.destinationName`. */
  cluster: pulumi.Input<string>;
  /** The namespace on it. No wildcard, no namespace of the cluster itself. */
  namespace: string;
}

/** A role that people get through their groups, or pipelines through a token. */
export interface ProjectRole {
  name: string;
  description?: string;
  /** Lines `p, proj:<project>:<role>, <resource>, <action>, <project>/<object>, allow|deny`. */
  policies: string[];
  /**
   * Groups of the single sign-on; with RAM users their UIDs.
   * @default none
   */
  groups?: string[];
}

export interface ProjectArgs {
  /** Name of the AppProject, at most 63 characters, not `default`. A change replaces it. */
  projectName: string;
  description?: pulumi.Input<string>;
  /** URLs of the repositories that Applications may be made from. No wildcard for all. */
  sourceRepositories: pulumi.Input<string>[];
  destinations: ProjectDestination[];
  /** @default none: only people with rights on the whole Argo CD see its Applications */
  roles?: ProjectRole[];
}

/**
 * The fence around a set of Applications: from which repositories they may come, to which clusters and namespaces they
 * may go, and who may do what with them. Objects outside of the namespaces can't be deployed, with one exception: the
 * namespaces themselves, which Argo CD creates with the first deployment.
 *
 * The project can't be deleted as long as it has Applications. Delete these first, also the ones that were made by hand.
 *
 * @example
 * ```ts
 * const production = new Project("production", {
 *   projectName: "acme-production",
 *   sourceRepositories: [repositoryCredentials.url],
 *   destinations: [{ cluster: member.destinationName, namespace: "echo-production" }],
 *   roles: [{
 *     name: "operators",
 *     groups: ["200000000000000001"],
 *     policies: ["p, proj:acme-production:operators, applications, sync, acme-production/*, allow"],
 *   }],
 * }, { provider: fleet.provider, dependsOn: member });
 * ```
 */
export class Project extends Component {
  /** The project's name. Known when it exists: an Application that uses it is created after it. */
  readonly projectName: pulumi.Output<string>;

  constructor(name: string, args: ProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ackone:gitops:Project", name, opts);

    checkProject(name, args);
    const sourceRepos = args.sourceRepositories.map((url, index) =>
      checked(`${name}.sourceRepositories[${index}]`, url, sourceRepositoryRule),
    );

    const project = new CustomResource(
      `${name}-project`,
      {
        apiVersion: argocdApiVersion,
        kind: "AppProject",
        metadata: {
          name: args.projectName,
          namespace: argocdNamespace,
          finalizers: [resourcesFinalizer],
        },
        spec: {
          ...(args.description === undefined ? {} : { description: args.description }),
          sourceRepos,
          destinations: args.destinations.map(({ cluster, namespace }) => ({ name: cluster, namespace })),
          // The option CreateNamespace of the Applications needs this one kind.
          clusterResourceWhitelist: [{ group: "", kind: "Namespace" }],
          ...rolesOf(args.roles ?? []),
        },
      },
      {
        ...explicitlyNamed(this, opts),
        // A new name: Argo CD lets the old project go only when no Application names it any more, so the new one is first.
        deleteBeforeReplace: false,
        customTimeouts: { delete: deletionTimeout },
      },
    );

    this.projectName = project.metadata.name;
    this.registerOutputs({ projectName: this.projectName });
  }
}

/** Empty lists are left out, as Argo CD leaves them out. */
function rolesOf(roles: ProjectRole[]) {
  if (roles.length === 0) {
    return {};
  }
  return {
    roles: roles.map(({ name, description, policies, groups = [] }) => ({
      name,
      ...(description === undefined ? {} : { description }),
      policies,
      ...(groups.length === 0 ? {} : { groups }),
    })),
  };
}

/**
 * The rules for all plain parts of a project.
 *
 * @param path Where the project stands, for the messages.
 * @throws {VisibleError}
 */
export function checkProject(
  path: string,
  args: Pick<ProjectArgs, "projectName" | "roles"> & {
    sourceRepositories: unknown[];
    destinations: { namespace: string }[];
  },
): void {
  check(`${path}.projectName`, args.projectName, projectNameRule);
  if (args.sourceRepositories.length === 0) {
    throw new VisibleError(
      `${path}.sourceRepositories is empty; without a repository no Application can be deployed`,
    );
  }
  if (args.destinations.length === 0) {
    throw new VisibleError(`${path}.destinations is empty; without one no Application can be deployed`);
  }
  for (const [index, { namespace }] of args.destinations.entries()) {
    check(`${path}.destinations[${index}].namespace`, namespace, namespaceRule);
  }
  checkRoles(`${path}.roles`, args.projectName, args.roles ?? []);
}

function checkRoles(path: string, project: string, roles: ProjectRole[]): void {
  for (const [index, role] of roles.entries()) {
    const at = `${path}[${index}]`;
    check(`${at}.name`, role.name, roleNameRule);
    if (roles.findIndex(({ name }) => name === role.name) !== index) {
      throw invalid(`${at}.name`, role.name, "is used twice; a role's name is unique in its project");
    }
    for (const [number, line] of role.policies.entries()) {
      check(`${at}.policies[${number}]`, line, projectPolicyRule(project, role.name));
    }
    for (const [number, group] of (role.groups ?? []).entries()) {
      check(`${at}.groups[${number}]`, group, groupRule);
    }
  }
}

const projectNameRule: Rule<string> = (name) =>
  name === "default" ? "is Argo CD's own project, which allows everything; choose another" : labelRule(name);

const sourceRepositoryRule: Rule<string> = (url) =>
  /^[*/:]*$/.test(url)
    ? "would allow every repository; name the repositories, or a prefix like https://host/owner/*"
    : undefined;
