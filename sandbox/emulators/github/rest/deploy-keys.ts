import { ApiError, invalid, notFound } from "../errors";
import { type DeployKey, type Repository, timestamp } from "../types";
import { type Action, at, created, noContent, ok } from "./action";
import { checkFields } from "./fields";

const list: Action = {
  method: "GET",
  path: "/repos/{owner}/{repo}/keys",
  documentation: "deploy-keys/deploy-keys#list-deploy-keys",
  run(service, { caller, params }) {
    const repository = service.administered(caller, ...at(params));
    return ok(repository.keys.map((key) => service.show.deployKey(repository, key)));
  },
};

/** Keys are kept and read back; the sandbox serves no SSH. */
const create: Action = {
  method: "POST",
  path: "/repos/{owner}/{repo}/keys",
  documentation: "deploy-keys/deploy-keys#create-a-deploy-key",
  run(service, { caller, params, body }) {
    const repository = service.changeable(caller, ...at(params));
    const fields = checkFields<{ title?: string; key?: string; read_only?: boolean }>(body, "PublicKey", {
      title: "string",
      key: "string",
      read_only: "boolean",
    });
    if (!fields.key) {
      throw new ApiError(422, "Validation Failed", [
        { resource: "PublicKey", code: "missing_field", field: "key" },
      ]);
    }
    const key = withoutComment(fields.key);
    if (!key) {
      const why = "key is invalid. You must supply a key in OpenSSH public key format";
      throw invalid("PublicKey", "key", why);
    }
    // One key opens one repository in all of GitHub.
    if (service.store.repositories.some((one) => one.keys.some((known) => known.key === key))) {
      throw invalid("PublicKey", "key", "key is already in use");
    }
    const deployKey: DeployKey = {
      id: service.store.newId(),
      title: fields.title ?? "",
      key,
      readOnly: fields.read_only ?? false,
      createdAt: timestamp(),
    };
    repository.keys.push(deployKey);
    service.store.save();
    return created(service.show.deployKey(repository, deployKey));
  },
};

const get: Action = {
  method: "GET",
  path: "/repos/{owner}/{repo}/keys/{key_id}",
  documentation: "deploy-keys/deploy-keys#get-a-deploy-key",
  run(service, { caller, params }) {
    const repository = service.administered(caller, ...at(params));
    return ok(service.show.deployKey(repository, keyOf(repository, params)));
  },
};

const remove: Action = {
  method: "DELETE",
  path: "/repos/{owner}/{repo}/keys/{key_id}",
  documentation: "deploy-keys/deploy-keys#delete-a-deploy-key",
  run(service, { caller, params }) {
    const repository = service.changeable(caller, ...at(params));
    repository.keys.splice(repository.keys.indexOf(keyOf(repository, params)), 1);
    service.store.save();
    return noContent;
  },
};

function keyOf(repository: Repository, params: Record<string, string>): DeployKey {
  const key = repository.keys.find((one) => String(one.id) === params.key_id);
  if (!key) throw notFound();
  return key;
}

/** The key as GitHub keeps it: type and base64. Undefined when it isn't one. */
function withoutComment(key: string): string | undefined {
  const [type = "", data = ""] = key.trim().split(/\s+/);
  const known =
    /^(ssh-(rsa|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;
  if (!known.test(type)) return undefined;
  // An OpenSSH key repeats its type inside: a length in four bytes, then the name.
  const blob = Buffer.from(data, "base64");
  const length = blob.length > 4 ? blob.readUInt32BE() : 0;
  return blob.subarray(4, 4 + length).toString() === type ? `${type} ${data}` : undefined;
}

export const deployKeyActions: Action[] = [list, create, get, remove];
