import { ApiError, notFound } from "../errors";
import { listBranches } from "../git/git";
import type { Service } from "../service";
import type { Repository } from "../types";
import { type Action, type ApiCall, at, requireLogin } from "./action";
import { checkFields } from "./fields";
import { checkName } from "./repository-fields";

interface ForkFields {
  organization?: string;
  name?: string;
  default_branch_only?: boolean;
}

/**
 * Answers 202 at once; branches and tags follow after a moment. A fork takes over its parent's visibility,
 * description and default branch, and has its issues switched off.
 */
const createFork: Action = {
  method: "POST",
  path: "/repos/{owner}/{repo}/forks",
  documentation: "repos/forks#create-a-fork",
  async run(service, call) {
    requireLogin(call);
    const parent = service.readable(call.caller, ...at(call.params));
    const fields = checkFields<ForkFields>(call.body ?? {}, "Fork", {
      organization: "string",
      name: "string",
      default_branch_only: "boolean",
    });
    const owner = targetOwner(service, call, fields);
    await checkForkable(service, parent);
    const fork =
      existingFork(service, parent, owner, fields.name) ?? (await newFork(service, parent, owner, fields));
    return { status: 202, body: service.show.repository(fork, call.caller) };
  },
};

function targetOwner(service: Service, call: ApiCall, fields: ForkFields): string {
  if (fields.organization === undefined || fields.organization === "") return requireLogin(call);
  const owner = service.access.owner(fields.organization);
  if (!owner) throw notFound();
  if (owner.type === "User") {
    const why = `'${owner.login}' is the login for a user account. You must pass the login for an organization account.`;
    throw new ApiError(422, why);
  }
  if (!service.access.canWrite(call.caller, { owner: owner.login })) {
    throw new ApiError(403, `You do not have permission to create repositories in ${owner.login}.`);
  }
  return owner.login;
}

async function checkForkable(service: Service, parent: Repository): Promise<void> {
  if (parent.visibility === "private" && !parent.settings.allow_forking) {
    throw new ApiError(403, "The repository exists, but forking is disabled.");
  }
  if ((await listBranches(service.folderOf(parent))).length === 0) {
    const why = "The repository exists, but it contains no Git content. Empty repositories cannot be forked.";
    throw new ApiError(403, why);
  }
}

/**
 * A second request for the same fork gives the first one back, which makes a lost answer harmless. An
 * organisation may hold several forks of one repository under different names, a user only one.
 */
function existingFork(
  service: Service,
  parent: Repository,
  owner: string,
  name?: string,
): Repository | undefined {
  const organization = service.access.owner(owner)?.type === "Organization";
  const sameName = (one: Repository) => one.name.toLowerCase() === (name ?? one.name).toLowerCase();
  return service.store.repositories.find(
    (one) => one.parent === parent.id && one.owner === owner && (!organization || sameName(one)),
  );
}

async function newFork(
  service: Service,
  parent: Repository,
  owner: string,
  fields: ForkFields,
): Promise<Repository> {
  if (parent.owner === owner && (fields.name ?? parent.name).toLowerCase() === parent.name.toLowerCase()) {
    throw new ApiError(
      403,
      "You cannot fork a repository into the account that owns it under the same name.",
    );
  }
  const name = checkName(service, owner, freeName(service, owner, fields.name ?? parent.name));
  const fork = service.store.commit(
    service.store.draft({
      owner,
      name,
      visibility: parent.visibility,
      description: parent.description,
      homepage: parent.homepage,
      defaultBranch: parent.defaultBranch,
      parent: parent.id,
      copying: fields.default_branch_only ? "default" : "all",
    }),
  );
  fork.settings.has_issues = false;
  service.store.save();
  await service.startCopy(fork);
  return fork;
}

/** Where the name is taken by something else, GitHub appends a number. */
function freeName(service: Service, owner: string, name: string): string {
  if (!service.store.find(owner, name)) return name;
  let number = 1;
  while (service.store.find(owner, `${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}

export const forkActions: Action[] = [createFork];
