import { newId } from "../account/ids";
import type { BuildRule, Repository } from "../account/model";
import { action } from "../gateway/action";
import { BusinessError, invalid } from "../gateway/errors";
import { page, paging } from "../gateway/paging";
import { choice, list, required, text } from "../gateway/parameters";
import { findRepository } from "./lookup";
import { notBound } from "./source-binding";

/** There is no GetRepoBuildRule: who wants one rule lists them all. */
const target = { InstanceId: required(text()), RepoId: required(text()) };
const pushType = choice(["GIT_BRANCH", "GIT_TAG"]);
const settable = {
  DockerfileLocation: text(),
  DockerfileName: text(),
  BuildArgs: list(),
  Platforms: list(),
};

/** Two equal rules are possible: a repeated create makes a second one. */
export const CreateRepoBuildRule = action(
  {
    ...target,
    PushType: required(pushType),
    PushName: required(text()),
    ImageTag: required(text()),
    ...settable,
  },
  (request, cloud) => {
    const repository = findRepository(cloud, request.InstanceId, request.RepoId);
    if (!repository.binding) throw notBound(repository.name);
    checkPattern(request.PushName);
    const rule: BuildRule = {
      id: newId("crbr"),
      pushType: request.PushType,
      pushName: request.PushName,
      imageTag: request.ImageTag,
      dockerfileLocation: request.DockerfileLocation ?? "/",
      dockerfileName: request.DockerfileName ?? "Dockerfile",
      platforms: request.Platforms ?? ["linux/amd64"],
      buildArgs: request.BuildArgs ?? [],
    };
    repository.rules.push(rule);
    return { BuildRuleId: rule.id };
  },
);

/**
 * Changes what is sent and keeps the rest. A request can't carry an empty list, so the last build argument
 * can't be taken away by an update; the API page leaves open whether it could.
 */
export const UpdateRepoBuildRule = action(
  {
    ...target,
    BuildRuleId: required(text()),
    PushType: pushType,
    PushName: text(),
    ImageTag: text(),
    ...settable,
  },
  (request, cloud) => {
    const rule = findRule(findRepository(cloud, request.InstanceId, request.RepoId), request.BuildRuleId);
    if (request.PushName) checkPattern(request.PushName);
    rule.pushType = request.PushType ?? rule.pushType;
    rule.pushName = request.PushName ?? rule.pushName;
    rule.imageTag = request.ImageTag ?? rule.imageTag;
    rule.dockerfileLocation = request.DockerfileLocation ?? rule.dockerfileLocation;
    rule.dockerfileName = request.DockerfileName ?? rule.dockerfileName;
    rule.platforms = request.Platforms ?? rule.platforms;
    rule.buildArgs = request.BuildArgs ?? rule.buildArgs;
    return { BuildRuleId: rule.id };
  },
);

export const DeleteRepoBuildRule = action(
  { ...target, BuildRuleId: required(text()) },
  ({ InstanceId, RepoId, BuildRuleId }, cloud) => {
    const repository = findRepository(cloud, InstanceId, RepoId);
    const rule = findRule(repository, BuildRuleId);
    repository.rules = repository.rules.filter((each) => each !== rule);
    return {};
  },
);

export const ListRepoBuildRule = action({ ...target, ...paging }, (request, cloud) => {
  const { rules } = findRepository(cloud, request.InstanceId, request.RepoId);
  const { PageNo, PageSize, total, entries } = page(rules, request);
  return {
    PageNo,
    PageSize,
    TotalCount: String(total),
    BuildRules: entries.map((rule) => ({
      BuildRuleId: rule.id,
      PushType: rule.pushType,
      PushName: rule.pushName,
      ImageTag: rule.imageTag,
      DockerfileLocation: rule.dockerfileLocation,
      DockerfileName: rule.dockerfileName,
      Platforms: rule.platforms,
      BuildArgs: rule.buildArgs,
    })),
  };
});

/** @throws BusinessError BUILD_RULE_NOT_EXIST */
export function findRule(repository: Repository, id: string): BuildRule {
  const rule = repository.rules.find((each) => each.id === id);
  // Undocumented code, formed like those that the providers know.
  if (!rule) throw new BusinessError("BUILD_RULE_NOT_EXIST", `There is no build rule ${id}.`);
  return rule;
}

/** "Build images": a name or a Java regular expression with named groups, whose syntax JavaScript shares. */
function checkPattern(pattern: string): void {
  try {
    new RegExp(pattern);
  } catch {
    throw invalid("PushName", `${pattern} is not a regular expression`);
  }
}
