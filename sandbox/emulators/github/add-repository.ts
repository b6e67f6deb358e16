import { rmSync } from "node:fs";
import { ApiError } from "./errors";
import { cloneLimit, importRepository, type Layout } from "./git/import";
import { checkName } from "./rest/repository-fields";
import type { Service } from "./service";

export interface AddOptions extends Layout {
  description?: string;
  /** Milliseconds that a clone may take. @default 120000 */
  limit?: number;
}

/**
 * Puts a Git repository from outside into the emulator. Throws an Error whose message tells a person what to do.
 *
 * @param fullName "owner/name"
 * @param source a folder or a URL, see {@link importRepository}
 */
export async function addRepository(
  service: Service,
  fullName: string,
  source: string,
  options: AddOptions,
  signal: AbortSignal,
): Promise<{ defaultBranch: string }> {
  const { owner, name } = parse(service, fullName);
  const { description = "", limit = cloneLimit } = options;
  const repository = service.store.draft({ owner, name, visibility: "public", description });
  const folder = service.folderOf(repository);
  let defaultBranch: string;
  try {
    defaultBranch = await importRepository(source, folder, limit, signal, options);
    checkFree(service, owner, name); // somebody may have taken the name while it was being cloned
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`${fullName}: ${(error as Error).message}`);
  }
  service.store.commit({ ...repository, defaultBranch });
  return { defaultBranch };
}

function parse(service: Service, fullName: string): { owner: string; name: string } {
  const [login = "", name = "", ...rest] = fullName.split("/");
  if (!login || !name || rest.length > 0) {
    throw new Error(`"${fullName}" is not owner/name, such as acme/echo-server`);
  }
  const owner = service.access.owner(login);
  if (!owner) {
    const known = service.access.owners.map((one) => one.login).join(", ");
    throw new Error(`${fullName}: there is no account "${login}"; use one of ${known}`);
  }
  try {
    checkFree(service, owner.login, name);
  } catch (error) {
    throw new Error(`${fullName}: ${(error as Error).message}`);
  }
  return { owner: owner.login, name };
}

function checkFree(service: Service, owner: string, name: string): void {
  try {
    checkName(service, owner, name);
  } catch (error) {
    throw error instanceof ApiError ? new Error(error.errors?.[0]?.message ?? error.message) : error;
  }
}
