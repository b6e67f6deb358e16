import type { BuildRecord } from "../account/model";
import type { Cloud } from "../cloud";
import { action } from "../gateway/action";
import { BusinessError } from "../gateway/errors";
import { page, paging } from "../gateway/paging";
import { integer, required, text } from "../gateway/parameters";
import { findRule } from "./build-rules";
import { needsPush } from "./builds";
import { findRepository, runningInstance } from "./lookup";
import { notBound } from "./source-binding";

/** Builds by hand, and what became of builds. No code of a refusal below is documented. */
const repository = { InstanceId: required(text()), RepoId: required(text()) };
const record = { ...repository, BuildRecordId: required(text()) };

/** "Build images": a rule with a regular expression or a commit id in its tag can't be started by hand. */
export const CreateBuildRecordByRule = action(
  { ...repository, BuildRuleId: required(text()) },
  ({ InstanceId, RepoId, BuildRuleId }, cloud) => {
    const found = findRepository(cloud, InstanceId, RepoId);
    const rule = findRule(found, BuildRuleId);
    if (!found.binding) throw notBound(found.name);
    if (needsPush(rule)) {
      throw new BusinessError("BUILD_RULE_NOT_SUPPORT", `${rule.pushName} can only be built by a push.`);
    }
    const { namespace: owner, name } = found.binding;
    const source = { owner, name, type: rule.pushType, ref: rule.pushName };
    return { BuildRecordId: cloud.builds.add(found, rule, source, rule.imageTag).id };
  },
);

/** Builds the same commit by the same rule once more. */
export const CreateBuildRecordByRecord = action(record, ({ InstanceId, RepoId, BuildRecordId }, cloud) => {
  const { rule, source, imageTag } = findRecord(cloud, InstanceId, BuildRecordId, RepoId);
  const again = cloud.builds.add(findRepository(cloud, InstanceId, RepoId), rule, { ...source }, imageTag);
  return { BuildRecordId: again.id };
});

export const CancelRepoBuildRecord = action(record, ({ InstanceId, RepoId, BuildRecordId }, cloud) => {
  const { id, status } = findRecord(cloud, InstanceId, BuildRecordId, RepoId);
  if (!cloud.builds.cancel(id)) {
    throw new BusinessError("BUILD_RECORD_STATUS_NOT_SUPPORT", `The build is ${status}.`);
  }
  return {};
});

/** Newest first. */
export const ListRepoBuildRecord = action({ ...repository, ...paging }, (request, cloud) => {
  const { id } = findRepository(cloud, request.InstanceId, request.RepoId);
  const all = cloud.account.builds.filter(({ repositoryId }) => repositoryId === id).reverse();
  const { PageNo, PageSize, total, entries } = page(all, request);
  return {
    PageNo,
    PageSize,
    TotalCount: String(total),
    BuildRecords: entries.map((each) => ({ ...view(each, cloud), BuildStatus: each.status })),
  };
});

export const GetRepoBuildRecord = action(
  { InstanceId: required(text()), BuildRecordId: required(text()) },
  ({ InstanceId, BuildRecordId }, cloud) => {
    const found = findRecord(cloud, InstanceId, BuildRecordId);
    return { ...view(found, cloud), Status: found.status };
  },
);

export const GetRepoBuildRecordStatus = action(record, ({ InstanceId, RepoId, BuildRecordId }, cloud) => ({
  BuildStatus: findRecord(cloud, InstanceId, BuildRecordId, RepoId).status,
}));

/** `Offset` counts lines; at most 1000 come at once, the number is an assumption. */
export const ListRepoBuildRecordLog = action(
  {
    InstanceId: required(text()),
    RepoId: text(),
    BuildRecordId: required(text()),
    Offset: integer({ min: 0 }),
  },
  ({ InstanceId, RepoId, BuildRecordId, Offset = 0 }, cloud) => {
    const { id } = findRecord(cloud, InstanceId, BuildRecordId, RepoId);
    const lines = cloud.builds.log(id).map(({ stage, message }, index) => ({
      BuildStage: stage,
      LineNumber: index + 1,
      Message: message,
    }));
    const shown = lines.slice(Offset, Offset + 1000);
    return { PageNo: 1, PageSize: shown.length, TotalCount: String(lines.length), BuildRecordLogs: shown };
  },
);

function findRecord(cloud: Cloud, instanceId: string, id: string, repositoryId?: string): BuildRecord {
  if (repositoryId === undefined) runningInstance(cloud, instanceId);
  else findRepository(cloud, instanceId, repositoryId);
  const found = cloud.account.builds.find((each) => each.id === id && each.instanceId === instanceId);
  if (!found || (repositoryId ?? found.repositoryId) !== found.repositoryId) {
    throw new BusinessError("BUILD_RECORD_NOT_EXIST", `There is no build record ${id}.`);
  }
  return found;
}

/** Times are milliseconds since 1970, as text; one that isn't there yet is left out. */
function view({ id, startedAt, endedAt, repositoryId, imageTag }: BuildRecord, { account }: Cloud) {
  const { namespace = "", name = "" } = account.repositories[repositoryId] ?? {};
  return {
    BuildRecordId: id,
    ...(startedAt !== undefined && { StartTime: String(startedAt) }),
    ...(endedAt !== undefined && { EndTime: String(endedAt) }),
    Image: { RepoId: repositoryId, RepoName: name, RepoNamespaceName: namespace, ImageTag: imageTag },
  };
}
