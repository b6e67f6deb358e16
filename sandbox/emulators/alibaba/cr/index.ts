import type { Product } from "../gateway/action";
import { isSuccess } from "../gateway/envelopes";
import { ApiError } from "../gateway/errors";
import { GetAuthorizationToken } from "./authorization";
import {
  CancelRepoBuildRecord,
  CreateBuildRecordByRecord,
  CreateBuildRecordByRule,
  GetRepoBuildRecord,
  GetRepoBuildRecordStatus,
  ListRepoBuildRecord,
  ListRepoBuildRecordLog,
} from "./build-records";
import {
  CreateRepoBuildRule,
  DeleteRepoBuildRule,
  ListRepoBuildRule,
  UpdateRepoBuildRule,
} from "./build-rules";
import { DeleteRepoTag, GetRepoTag, ListRepoTag } from "./image-tags";
import {
  ChangeResourceGroup,
  GetInstance,
  GetInstanceUsage,
  ListInstance,
  ResetLoginPassword,
  releaseInstance,
  startInstance,
} from "./instances";
import {
  CreateInstanceEndpointAclPolicy,
  DeleteInstanceEndpointAclPolicy,
  GetInstanceEndpoint,
  ListInstanceEndpoint,
  settleEndpoint,
  UpdateInstanceEndpointStatus,
} from "./internet-endpoint";
import {
  CreateNamespace,
  DeleteNamespace,
  GetNamespace,
  ListNamespace,
  removeNamespace,
  UpdateNamespace,
} from "./namespaces";
import {
  CreateRepository,
  DeleteRepository,
  GetRepository,
  ListRepository,
  removeRepository,
  UpdateRepository,
} from "./repositories";
import { CreateRepoSourceCodeRepo, GetRepoSourceCodeRepo, UpdateRepoSourceCodeRepo } from "./source-binding";
import { ListTagResources, TagResources, UntagResources } from "./tags";
import {
  CreateInstanceVpcEndpointLinkedVpc,
  DeleteInstanceVpcEndpointLinkedVpc,
  GetInstanceVpcEndpoint,
  settleVpcLink,
} from "./vpc-links";

/** Container Registry Enterprise Edition. */
export const cr: Product = {
  name: "cr",
  version: "2018-12-01",
  actions: {
    CancelRepoBuildRecord,
    ChangeResourceGroup,
    CreateBuildRecordByRecord,
    CreateBuildRecordByRule,
    CreateInstanceEndpointAclPolicy,
    CreateInstanceVpcEndpointLinkedVpc,
    CreateNamespace,
    CreateRepoBuildRule,
    CreateRepoSourceCodeRepo,
    CreateRepository,
    DeleteInstanceEndpointAclPolicy,
    DeleteInstanceVpcEndpointLinkedVpc,
    DeleteNamespace,
    DeleteRepoBuildRule,
    DeleteRepoTag,
    DeleteRepository,
    GetAuthorizationToken,
    GetInstance,
    GetInstanceEndpoint,
    GetInstanceUsage,
    GetInstanceVpcEndpoint,
    GetNamespace,
    GetRepoBuildRecord,
    GetRepoBuildRecordStatus,
    GetRepoSourceCodeRepo,
    GetRepoTag,
    GetRepository,
    ListInstance,
    ListInstanceEndpoint,
    ListNamespace,
    ListRepoBuildRecord,
    ListRepoBuildRecordLog,
    ListRepoBuildRule,
    ListRepoTag,
    ListRepository,
    ListTagResources,
    ResetLoginPassword,
    TagResources,
    UntagResources,
    UpdateInstanceEndpointStatus,
    UpdateNamespace,
    UpdateRepoBuildRule,
    UpdateRepoSourceCodeRepo,
    UpdateRepository,
  },
  jobs: [releaseInstance, removeNamespace, removeRepository, settleEndpoint, settleVpcLink, startInstance],
  envelope: isSuccess,
  // Documented on every page of cr; unlike other products' it doesn't name the missing RAM action.
  denied: () =>
    new ApiError(403, "NoPrivilege", "You are not authorized to perform the action on the resource."),
};
