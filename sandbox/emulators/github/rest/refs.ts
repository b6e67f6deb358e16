import { ApiError, notFound } from "../errors";
import { isValidRef, listRefs, noObject, objectType, objectTypes, setHead, updateRef } from "../git/git";
import type { Service } from "../service";
import { fullName, type Repository } from "../types";
import { type Action, at, created, noContent, ok, requireLogin } from "./action";
import { checkFields } from "./fields";

const getReference: Action = {
  method: "GET",
  path: "/repos/{owner}/{repo}/git/ref/{ref+}",
  documentation: "git/refs#get-a-reference",
  async run(service, { caller, params }) {
    const repository = service.readable(caller, ...at(params));
    const ref = `refs/${params.ref}`;
    const id = (await refsOf(service, repository)).get(ref);
    if (id === undefined) throw notFound();
    return ok(await show(service, repository, ref, id));
  },
};

const createReference: Action = {
  method: "POST",
  path: "/repos/{owner}/{repo}/git/refs",
  documentation: "git/refs#create-a-reference",
  async run(service, call) {
    const login = requireLogin(call);
    const repository = service.changeable(call.caller, ...at(call.params));
    const fields = checkFields<{ ref?: string; sha?: string }>(call.body, "Reference", {
      ref: "string",
      sha: "string",
    });
    const { ref = "", sha = "" } = fields;
    const folder = service.folderOf(repository);
    const named = /^refs\/(heads|tags)\/./.test(ref) && (await isValidRef(ref));
    const identified = /^[0-9a-f]{40}$/.test(sha);
    const [existing, type] =
      named && identified ? await objectTypes(folder, [ref, sha]) : [undefined, undefined];
    if (type === undefined) await refsOf(service, repository);
    if (!named) {
      throw new ApiError(422, "Reference name must start with 'refs/' and contain at least two slashes.");
    }
    if (existing !== undefined) throw new ApiError(422, "Reference already exists");
    if (type === undefined || (ref.startsWith("refs/heads/") && type !== "commit")) {
      throw new ApiError(422, "Object does not exist");
    }
    await updateRef(folder, ref, sha, noObject);
    service.refsChanged(repository, [{ ref, before: noObject, after: sha }], login);
    return created(service.show.reference(repository, ref, sha, type));
  },
};

const deleteReference: Action = {
  method: "DELETE",
  path: "/repos/{owner}/{repo}/git/refs/{ref+}",
  documentation: "git/refs#delete-a-reference",
  async run(service, call) {
    const login = requireLogin(call);
    const repository = service.changeable(call.caller, ...at(call.params));
    const ref = `refs/${call.params.ref}`;
    const before = (await refsOf(service, repository)).get(ref);
    if (before === undefined) throw new ApiError(422, "Reference does not exist");
    if (ref === `refs/heads/${repository.defaultBranch}`) {
      throw new ApiError(422, "Cannot delete the default branch");
    }
    await updateRef(service.folderOf(repository), ref, noObject, before);
    service.refsChanged(repository, [{ ref, before, after: noObject }], login);
    return noContent;
  },
};

/** Renames a branch; the default branch stays the default under its new name. */
const renameBranch: Action = {
  method: "POST",
  path: "/repos/{owner}/{repo}/branches/{branch}/rename",
  documentation: "branches/branches#rename-a-branch",
  async run(service, call) {
    const login = requireLogin(call);
    const repository = service.changeable(call.caller, ...at(call.params));
    const fields = checkFields<{ new_name?: string }>(call.body, "Branch", { new_name: "string" });
    const [from, to] = [`refs/heads/${call.params.branch}`, `refs/heads/${fields.new_name ?? ""}`];
    const refs = await refsOf(service, repository);
    const id = refs.get(from);
    if (id === undefined) throw notFound();
    if (!(await isValidRef(to)))
      throw new ApiError(422, `'${fields.new_name ?? ""}' is not a valid branch name`);
    if (refs.has(to)) throw new ApiError(422, `Branch already exists: ${fields.new_name}`);
    const folder = service.folderOf(repository);
    await updateRef(folder, to, id, noObject);
    if (repository.defaultBranch === call.params.branch) {
      repository.defaultBranch = fields.new_name ?? "";
      await setHead(folder, repository.defaultBranch);
    }
    await updateRef(folder, from, noObject, id);
    const changes = [
      { ref: to, before: noObject, after: id },
      { ref: from, before: id, after: noObject },
    ];
    service.refsChanged(repository, changes, login);
    const url = service.show.api(`/repos/${fullName(repository)}`);
    const commit = { sha: id, url: `${url}/commits/${id}` };
    return created({ name: fields.new_name, commit, protected: false, protection: { enabled: false } });
  },
};

/** @throws 409 while the repository is empty, which a fresh fork is for a moment */
async function refsOf(service: Service, repository: Repository): Promise<Map<string, string>> {
  const refs = await listRefs(service.folderOf(repository));
  if (refs.size === 0) throw new ApiError(409, "Git Repository is empty.");
  return refs;
}

async function show(service: Service, repository: Repository, ref: string, id: string) {
  const type = (await objectType(service.folderOf(repository), id)) ?? "commit";
  return service.show.reference(repository, ref, id, type);
}

export const refActions: Action[] = [getReference, createReference, deleteReference, renameBranch];
