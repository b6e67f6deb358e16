import { newId } from "../account/ids";
import { job } from "../account/jobs";
import type { Namespace } from "../account/model";
import type { Cloud } from "../cloud";
import { action } from "../gateway/action";
import { BusinessError } from "../gateway/errors";
import { page, paging } from "../gateway/paging";
import { choice, flag, json, required, text } from "../gateway/parameters";
import { quotaOf } from "./editions";
import { findNamespace, repositoriesIn, runningInstance } from "./lookup";
import { checkNamespaceName } from "./names";

const visibility = choice(["PUBLIC", "PRIVATE"]);

const settable = {
  InstanceId: required(text()),
  NamespaceName: required(text()),
  AutoCreateRepo: flag(),
  DefaultRepoType: visibility,
  DefaultRepoConfiguration: json(),
};

export const CreateNamespace = action(settable, (request, cloud) => {
  const instance = runningInstance(cloud, request.InstanceId);
  checkNamespaceName(request.NamespaceName);
  const all = namespacesOf(cloud, instance.id);
  if (all.some(({ name }) => name === request.NamespaceName)) {
    // Undocumented code, formed like those that the providers know.
    throw new BusinessError("NAMESPACE_ALREADY_EXIST", `Namespace ${request.NamespaceName} exists.`);
  }
  if (all.length >= quotaOf(instance).namespaces) {
    throw new BusinessError("NAMESPACE_QUOTA_EXCEEDED", `${instance.edition} has no room for a namespace.`);
  }
  cloud.account.namespaces.push({
    id: newId("crn"),
    instanceId: instance.id,
    name: request.NamespaceName,
    autoCreate: request.AutoCreateRepo ?? false,
    defaultVisibility: request.DefaultRepoType ?? "PRIVATE",
    deleting: false,
  });
  return {};
});

export const UpdateNamespace = action(settable, (request, cloud) => {
  runningInstance(cloud, request.InstanceId);
  const namespace = findNamespace(cloud, request.InstanceId, request.NamespaceName);
  namespace.autoCreate = request.AutoCreateRepo ?? namespace.autoCreate;
  namespace.defaultVisibility = request.DefaultRepoType ?? namespace.defaultVisibility;
  return {};
});

export const GetNamespace = action(
  { InstanceId: required(text()), NamespaceName: text(), NamespaceId: text() },
  ({ InstanceId, NamespaceName, NamespaceId }, cloud) => {
    runningInstance(cloud, InstanceId);
    const byId = namespacesOf(cloud, InstanceId).find(({ id }) => id === NamespaceId);
    return view(byId ?? findNamespace(cloud, InstanceId, NamespaceName ?? ""));
  },
);

export const ListNamespace = action(
  { InstanceId: required(text()), NamespaceName: text(), NamespaceStatus: text(), ...paging },
  (request, cloud) => {
    runningInstance(cloud, request.InstanceId);
    const found = namespacesOf(cloud, request.InstanceId).filter(
      ({ name }) => (request.NamespaceName ?? name) === name,
    );
    const { PageNo, PageSize, total, entries } = page(found, request);
    return { PageNo, PageSize, TotalCount: String(total), Namespaces: entries.map(view) };
  },
);

/** Asynchronous: the namespace can still be read for a moment. */
export const DeleteNamespace = action(
  { InstanceId: required(text()), NamespaceName: required(text()) },
  ({ InstanceId, NamespaceName }, cloud) => {
    runningInstance(cloud, InstanceId);
    const namespace = findNamespace(cloud, InstanceId, NamespaceName);
    if (repositoriesIn(cloud, InstanceId, NamespaceName).some(({ deleting }) => !deleting)) {
      // Undocumented code. The sandbox is strict here: whatever deletes a namespace has to delete its content first.
      throw new BusinessError("NAMESPACE_NOT_EMPTY", `Namespace ${NamespaceName} has repositories.`);
    }
    namespace.deleting = true;
    cloud.later(cloud.settings.delays.removal, removeNamespace, { namespaceId: namespace.id });
    return {};
  },
);

export const removeNamespace = job<{ namespaceId: string }>("cr.removeNamespace", ({ account }, args) => {
  account.namespaces = account.namespaces.filter(({ id }) => id !== args.namespaceId);
});

function namespacesOf(cloud: Cloud, instanceId: string): Namespace[] {
  return cloud.account.namespaces.filter((each) => each.instanceId === instanceId);
}

function view(namespace: Namespace) {
  return {
    InstanceId: namespace.instanceId,
    NamespaceId: namespace.id,
    NamespaceName: namespace.name,
    NamespaceStatus: namespace.deleting ? "DELETING" : "NORMAL",
    AutoCreateRepo: namespace.autoCreate,
    DefaultRepoType: namespace.defaultVisibility,
  };
}
