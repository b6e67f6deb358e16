import { newId } from "../account/ids";
import { job } from "../account/jobs";
import type { Repository } from "../account/model";
import { action } from "../gateway/action";
import { BusinessError } from "../gateway/errors";
import { page, paging } from "../gateway/paging";
import { choice, flag, required, text } from "../gateway/parameters";
import { quotaOf } from "./editions";
import { findNamespace, findRepository, repositoriesIn, runningInstance } from "./lookup";
import { checkRepositoryName } from "./names";

const repoType = choice(["PUBLIC", "PRIVATE"]);

/** "CreateRepository": the summary has at most 100 characters, the detail 2000. */
const described = {
  RepoType: required(repoType),
  Summary: required(text({ max: 100 })),
  Detail: text({ max: 2000 }),
  TagImmutability: flag(),
};

export const CreateRepository = action(
  {
    InstanceId: required(text()),
    RepoNamespaceName: required(text()),
    RepoName: required(text()),
    ...described,
  },
  (request, cloud) => {
    const instance = runningInstance(cloud, request.InstanceId);
    const namespace = findNamespace(cloud, instance.id, request.RepoNamespaceName);
    if (namespace.deleting) {
      throw new BusinessError("NAMESPACE_NOT_EXIST", `Namespace ${namespace.name} is being deleted.`);
    }
    checkRepositoryName(request.RepoName);
    const all = repositoriesIn(cloud, instance.id);
    if (all.some((each) => each.namespace === namespace.name && each.name === request.RepoName)) {
      // Undocumented code, formed like those that the providers know.
      throw new BusinessError("REPO_ALREADY_EXIST", `Repository ${request.RepoName} exists.`);
    }
    if (all.length >= quotaOf(instance).repositories) {
      throw new BusinessError("REPO_QUOTA_EXCEEDED", `${instance.edition} has no room for a repository.`);
    }
    const now = Date.now();
    const repository: Repository = {
      id: newId("crr"),
      instanceId: instance.id,
      namespace: namespace.name,
      name: request.RepoName,
      visibility: request.RepoType,
      summary: request.Summary,
      detail: request.Detail ?? "",
      tagImmutability: request.TagImmutability ?? false,
      createdAt: now,
      modifiedAt: now,
      deleting: false,
      rules: [],
    };
    cloud.account.repositories[repository.id] = repository;
    return { RepoId: repository.id };
  },
);

export const UpdateRepository = action(
  {
    InstanceId: required(text()),
    RepoId: required(text()),
    ...described,
  },
  (request, cloud) => {
    const repository = findRepository(cloud, request.InstanceId, request.RepoId);
    repository.visibility = request.RepoType;
    repository.summary = request.Summary;
    repository.detail = request.Detail ?? repository.detail;
    repository.tagImmutability = request.TagImmutability ?? repository.tagImmutability;
    repository.modifiedAt = Date.now();
    return {};
  },
);

/** By id, or by namespace and name. */
export const GetRepository = action(
  { InstanceId: required(text()), RepoId: text(), RepoNamespaceName: text(), RepoName: text() },
  ({ InstanceId, RepoId, RepoNamespaceName, RepoName }, cloud) => {
    if (RepoId) return view(findRepository(cloud, InstanceId, RepoId));
    runningInstance(cloud, InstanceId);
    const found = repositoriesIn(cloud, InstanceId, RepoNamespaceName).find(({ name }) => name === RepoName);
    if (!found) throw new BusinessError("REPO_NOT_EXIST", `There is no repository ${RepoName}.`);
    return view(found);
  },
);

export const ListRepository = action(
  {
    InstanceId: required(text()),
    RepoNamespaceName: text(),
    RepoName: text(),
    RepoStatus: choice(["ALL", "NORMAL", "DELETING"]),
    ...paging,
  },
  (request, cloud) => {
    runningInstance(cloud, request.InstanceId);
    const found = repositoriesIn(cloud, request.InstanceId, request.RepoNamespaceName).filter(
      ({ name }) => (request.RepoName ?? name) === name,
    );
    const { PageNo, PageSize, total, entries } = page(found, request);
    return { PageNo, PageSize, TotalCount: String(total), Repositories: entries.map(view) };
  },
);

/** Takes source binding, build rules and images along; asynchronous. */
export const DeleteRepository = action(
  { InstanceId: required(text()), RepoId: required(text()) },
  ({ InstanceId, RepoId }, cloud) => {
    findRepository(cloud, InstanceId, RepoId).deleting = true;
    cloud.later(cloud.settings.delays.removal, removeRepository, { repositoryId: RepoId });
    return {};
  },
);

export const removeRepository = job<{ repositoryId: string }>(
  "cr.removeRepository",
  ({ account }, { repositoryId }) => {
    delete account.repositories[repositoryId];
    account.builds = account.builds.filter((each) => each.repositoryId !== repositoryId);
  },
);

function view(repository: Repository) {
  return {
    InstanceId: repository.instanceId,
    RepoId: repository.id,
    RepoNamespaceName: repository.namespace,
    RepoName: repository.name,
    RepoStatus: repository.deleting ? "DELETING" : "NORMAL",
    RepoType: repository.visibility,
    RepoBuildType: repository.binding ? "AUTO" : "MANUAL",
    Summary: repository.summary,
    Detail: repository.detail,
    TagImmutability: repository.tagImmutability,
    CreateTime: repository.createdAt,
    ModifiedTime: repository.modifiedAt,
  };
}
