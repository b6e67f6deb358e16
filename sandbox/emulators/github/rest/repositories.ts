import { git, isolatedEnvironment } from "../../../git";
import { ApiError, archivedError, invalid, notFound } from "../errors";
import { initBare, listBranches, setHead } from "../git/git";
import type { Service } from "../service";
import { type Repository, timestamp } from "../types";
import { type Action, type ApiCall, at, created, noContent, ok, requireLogin } from "./action";
import { checkFields } from "./fields";
import {
  checkName,
  createFields,
  settingsIn,
  type UpdateFields,
  updateFields,
  visibilityIn,
} from "./repository-fields";

const createOrganizationRepository: Action = {
  method: "POST",
  path: "/orgs/{org}/repos",
  documentation: "repos/repos#create-an-organization-repository",
  run(service, call) {
    requireLogin(call);
    const owner = service.access.owner(call.params.org ?? "");
    if (owner?.type !== "Organization") throw notFound();
    if (!service.access.canWrite(call.caller, { owner: owner.login })) {
      throw new ApiError(403, "You need admin access to the organization before adding a repository to it.");
    }
    return createRepository(service, call, owner.login);
  },
};

const createUserRepository: Action = {
  method: "POST",
  path: "/user/repos",
  documentation: "repos/repos#create-a-repository-for-the-authenticated-user",
  run: (service, call) => createRepository(service, call, requireLogin(call)),
};

async function createRepository(service: Service, call: ApiCall, owner: string) {
  const fields = createFields(call.body);
  const name = checkName(service, owner, fields.name);
  const visibility = visibilityIn(fields) ?? "public";
  const repository = service.store.commit(
    service.store.draft({
      owner,
      name,
      visibility,
      description: fields.description ?? "",
      homepage: fields.homepage ?? "",
    }),
  );
  Object.assign(repository.settings, settingsIn(fields));
  await initBare(service.folderOf(repository), repository.defaultBranch);
  if (fields.auto_init) await addReadme(service, repository, requireLogin(call));
  service.store.save();
  return created(service.show.repository(repository, call.caller));
}

/** The commit that `auto_init` asks for: a README with the name and the description. */
async function addReadme(service: Service, repository: Repository, login: string): Promise<void> {
  const folder = service.folderOf(repository);
  const email = `${login}@users.noreply.github.com`;
  const who = {
    GIT_AUTHOR_NAME: login,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: login,
    GIT_COMMITTER_EMAIL: email,
  };
  const env = { ...isolatedEnvironment(), ...who };
  const input = `# ${repository.name}\n${repository.description}\n`;
  const blob = (await git(["-C", folder, "hash-object", "-w", "--stdin"], { input })).trim();
  const tree = (await git(["-C", folder, "mktree"], { input: `100644 blob ${blob}\tREADME.md\n` })).trim();
  const commit = (await git(["-C", folder, "commit-tree", tree, "-m", "Initial commit"], { env })).trim();
  await git(["-C", folder, "update-ref", `refs/heads/${repository.defaultBranch}`, commit]);
}

const getRepository: Action = {
  method: "GET",
  path: "/repos/{owner}/{repo}",
  documentation: "repos/repos#get-a-repository",
  run: (service, { caller, params }) =>
    ok(service.show.repository(service.readable(caller, ...at(params)), caller)),
};

const updateRepository: Action = {
  method: "PATCH",
  path: "/repos/{owner}/{repo}",
  documentation: "repos/repos#update-a-repository",
  async run(service, { caller, params, body }) {
    const repository = service.administered(caller, ...at(params));
    const fields = updateFields(body);
    // `archived: false` brings an archived repository back; anything else leaves it read-only.
    if (repository.archived && fields.archived !== false) throw archivedError();
    const name =
      fields.name === undefined
        ? repository.name
        : checkName(service, repository.owner, fields.name, repository);
    const visibility = changedVisibility(repository, fields);
    const defaultBranch = await changedDefaultBranch(service, repository, fields.default_branch);
    Object.assign(repository, {
      name,
      visibility,
      defaultBranch,
      description: fields.description === undefined ? repository.description : (fields.description ?? ""),
      homepage: fields.homepage === undefined ? repository.homepage : (fields.homepage ?? ""),
      archived: fields.archived ?? repository.archived,
      settings: { ...repository.settings, ...settingsIn(fields) },
      updatedAt: timestamp(),
    });
    service.store.save();
    return ok(service.show.repository(repository, caller));
  },
};

function changedVisibility(repository: Repository, fields: UpdateFields) {
  const wanted = visibilityIn(fields) ?? repository.visibility;
  if (wanted === repository.visibility) return wanted;
  if (repository.copying) {
    throw new ApiError(
      422,
      "Failed to update visibility. A previous repository operation is still in progress.",
    );
  }
  // "About permissions and visibility of forks": a fork shares its network's visibility.
  if (repository.parent !== undefined) {
    throw invalid(
      "Repository",
      "visibility",
      "For security reasons, you cannot change the visibility of a fork.",
    );
  }
  return wanted;
}

async function changedDefaultBranch(service: Service, repository: Repository, wanted: string | undefined) {
  if (wanted === undefined || wanted === repository.defaultBranch) return repository.defaultBranch;
  const folder = service.folderOf(repository);
  const branches = await listBranches(folder);
  if (branches.length === 0) {
    const why =
      "Cannot update default branch for an empty repository. Please init the repository and push first.";
    throw invalid("Repository", "default_branch", why);
  }
  if (!branches.includes(wanted)) {
    const why = `The branch ${wanted} was not found. Please push that ref first or create it via the Git Data API.`;
    throw invalid("Repository", "default_branch", why);
  }
  await setHead(folder, wanted);
  return wanted;
}

/** Deletes also what is archived, for ever and without asking. */
const deleteRepository: Action = {
  method: "DELETE",
  path: "/repos/{owner}/{repo}",
  documentation: "repos/repos#delete-a-repository",
  async run(service, { caller, params }) {
    await service.remove(service.administered(caller, ...at(params)));
    return noContent;
  },
};

const replaceTopics: Action = {
  method: "PUT",
  path: "/repos/{owner}/{repo}/topics",
  documentation: "repos/repos#replace-all-repository-topics",
  run(service, { caller, params, body }) {
    const repository = service.changeable(caller, ...at(params));
    const { names = [] } = checkFields<{ names?: string[] }>(body, "Repository", { names: "strings" });
    const bad = names.find((name) => !/^[a-z0-9][a-z0-9-]{0,49}$/.test(name));
    if (bad !== undefined) {
      const why = `"${bad}": topics must start with a lowercase letter or number, consist of 50 characters or less, and can include hyphens.`;
      throw invalid("Repository", "topics", why);
    }
    repository.topics = [...new Set(names)].sort();
    repository.updatedAt = timestamp();
    service.store.save();
    return ok({ names: repository.topics });
  },
};

const vulnerabilityAlerts = "repos/repos#check-if-vulnerability-alerts-are-enabled-for-a-repository";

const checkVulnerabilityAlerts: Action = {
  method: "GET",
  path: "/repos/{owner}/{repo}/vulnerability-alerts",
  documentation: vulnerabilityAlerts,
  run(service, { caller, params }) {
    if (!service.administered(caller, ...at(params)).vulnerabilityAlerts) throw notFound();
    return noContent;
  },
};

const switchVulnerabilityAlerts = (method: "PUT" | "DELETE"): Action => ({
  method,
  path: "/repos/{owner}/{repo}/vulnerability-alerts",
  documentation: vulnerabilityAlerts,
  run(service, { caller, params }) {
    service.changeable(caller, ...at(params)).vulnerabilityAlerts = method === "PUT";
    service.store.save();
    return noContent;
  },
});

export const repositoryActions: Action[] = [
  createOrganizationRepository,
  createUserRepository,
  getRepository,
  updateRepository,
  deleteRepository,
  replaceTopics,
  checkVulnerabilityAlerts,
  switchVulnerabilityAlerts("PUT"),
  switchVulnerabilityAlerts("DELETE"),
];
