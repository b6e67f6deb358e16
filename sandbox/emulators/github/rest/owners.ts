import { notFound } from "../errors";
import { type Action, ok, requireLogin } from "./action";

const getAuthenticatedUser: Action = {
  method: "GET",
  path: "/user",
  documentation: "users/users#get-the-authenticated-user",
  run: (service, call) => ok(service.show.owner(requireLogin(call))),
};

const getUser: Action = {
  method: "GET",
  path: "/users/{username}",
  documentation: "users/users#get-a-user",
  run(service, call) {
    const owner = service.access.owner(call.params.username ?? "");
    if (!owner) throw notFound();
    return ok(service.show.owner(owner.login));
  },
};

/** The provider asks this first to learn whether its owner is an organisation. */
const getOrganization: Action = {
  method: "GET",
  path: "/orgs/{org}",
  documentation: "orgs/orgs#get-an-organization",
  run(service, call) {
    const owner = service.access.owner(call.params.org ?? "");
    if (owner?.type !== "Organization") throw notFound();
    return ok(service.show.organization(owner));
  },
};

export const ownerActions: Action[] = [getAuthenticatedUser, getUser, getOrganization];
