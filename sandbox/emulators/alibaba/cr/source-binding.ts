import type { CodeRepoType } from "../account/model";
import type { Cloud } from "../cloud";
import { action } from "../gateway/action";
import { BusinessError } from "../gateway/errors";
import { choice, flag, required, text } from "../gateway/parameters";
import { findRepository } from "./lookup";

/**
 * Where an image repository is built from. There is no action that unbinds: deleting the repository does.
 * None of the refusals below has a documented code.
 */
const target = { InstanceId: required(text()), RepoId: required(text()) };

const source = {
  CodeRepoType: required(choice(["GITHUB", "GITLAB", "GITEE", "CODE", "CODEUP"])),
  CodeRepoNamespaceName: required(text()),
  CodeRepoName: required(text()),
  AutoBuild: flag(),
  OverseaBuild: flag(),
  DisableCacheBuild: flag(),
};

const domains: Record<CodeRepoType, string> = {
  GITHUB: "https://github.com",
  GITLAB: "https://gitlab.com",
  GITEE: "https://gitee.com",
  CODE: "https://code.aliyun.com",
  CODEUP: "https://codeup.aliyun.com",
};

export const CreateRepoSourceCodeRepo = action({ ...target, ...source }, (request, cloud) => {
  const repository = findRepository(cloud, request.InstanceId, request.RepoId);
  if (repository.binding) {
    throw new BusinessError("SOURCE_CODE_REPO_ALREADY_EXIST", `${repository.name} has a source repository.`);
  }
  checkSource(cloud, request.CodeRepoType, request.CodeRepoNamespaceName, request.CodeRepoName);
  repository.binding = {
    type: request.CodeRepoType,
    namespace: request.CodeRepoNamespaceName,
    name: request.CodeRepoName,
    autoBuild: request.AutoBuild ?? false,
    overseaBuild: request.OverseaBuild ?? false,
    disableCacheBuild: request.DisableCacheBuild ?? false,
  };
  return {};
});

/** Answers Code "200", as the sample on its API page; all other actions of cr say "success". */
export const UpdateRepoSourceCodeRepo = action(
  { ...target, ...source, CodeRepoId: text() },
  (request, cloud) => {
    const repository = findRepository(cloud, request.InstanceId, request.RepoId);
    if (!repository.binding) throw notBound(repository.name);
    checkSource(cloud, request.CodeRepoType, request.CodeRepoNamespaceName, request.CodeRepoName);
    repository.binding = {
      type: request.CodeRepoType,
      namespace: request.CodeRepoNamespaceName,
      name: request.CodeRepoName,
      autoBuild: request.AutoBuild ?? repository.binding.autoBuild,
      overseaBuild: request.OverseaBuild ?? repository.binding.overseaBuild,
      disableCacheBuild: request.DisableCacheBuild ?? repository.binding.disableCacheBuild,
    };
    return { Code: "200" };
  },
);

/** The booleans come as text. */
export const GetRepoSourceCodeRepo = action(target, ({ InstanceId, RepoId }, cloud) => {
  const { binding, name } = findRepository(cloud, InstanceId, RepoId);
  if (!binding) throw notBound(name);
  return {
    RepoId,
    CodeRepoType: binding.type,
    CodeRepoNamespaceName: binding.namespace,
    CodeRepoName: binding.name,
    CodeRepoDomain: domains[binding.type],
    AutoBuild: String(binding.autoBuild),
    OverseaBuild: String(binding.overseaBuild),
    DisableCacheBuild: String(binding.disableCacheBuild),
  };
});

/** Only a GitHub account can have been bound in the sandbox. */
function checkSource(cloud: Cloud, type: CodeRepoType, namespace: string, name: string): void {
  if (!cloud.sourceAccountBound || type !== "GITHUB") {
    throw new BusinessError("SOURCE_ACCOUNT_NOT_BOUND", `No account of ${type} is bound to the instance.`);
  }
  if (!cloud.git.exists(namespace, name)) {
    throw new BusinessError("CODE_REPO_NOT_EXIST", `There is no repository ${namespace}/${name}.`);
  }
}

export function notBound(repository: string): BusinessError {
  return new BusinessError("SOURCE_CODE_REPO_NOT_EXIST", `${repository} has no source repository.`);
}
