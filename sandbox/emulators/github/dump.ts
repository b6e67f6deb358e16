import { listRefs } from "./git/git";
import type { Service } from "./service";
import { fullName } from "./types";

/** What the emulator holds, one row a thing, sorted by name. No secrets. */
export interface GithubDump {
  repositories: {
    name: string;
    /** Full name of the parent; empty when it isn't a fork, "(gone)" when the parent was deleted. */
    forkOf: string;
    visibility: string;
    archived: boolean;
    defaultBranch: string;
    description: string;
  }[];
  branches: { repository: string; branch: string; commit: string }[];
  tags: { repository: string; tag: string; commit: string }[];
  hooks: {
    repository: string;
    url: string;
    events: string[];
    active: boolean;
    secret: boolean;
    lastStatus: string;
  }[];
  deployKeys: { repository: string; title: string; readOnly: boolean }[];
}

export async function dump(service: Service): Promise<GithubDump> {
  const sorted = [...service.store.repositories].sort((a, b) => fullName(a).localeCompare(fullName(b)));
  const result: GithubDump = { repositories: [], branches: [], tags: [], hooks: [], deployKeys: [] };
  for (const one of sorted) {
    const repository = fullName(one);
    const parent = service.store.byId(one.parent);
    result.repositories.push({
      name: repository,
      forkOf: parent ? fullName(parent) : one.parent === undefined ? "" : "(gone)",
      visibility: one.visibility,
      archived: one.archived,
      defaultBranch: one.defaultBranch,
      description: one.description,
    });
    for (const [ref, commit] of await listRefs(service.folderOf(one))) {
      const [, kind, ...rest] = ref.split("/");
      if (kind === "heads") result.branches.push({ repository, branch: rest.join("/"), commit });
      else result.tags.push({ repository, tag: rest.join("/"), commit });
    }
    for (const { config, events, active, deliveries } of one.hooks) {
      const secret = config.secret !== undefined;
      result.hooks.push({
        repository,
        url: config.url,
        events,
        active,
        secret,
        lastStatus: deliveries[0]?.status ?? "",
      });
    }
    for (const { title, readOnly } of one.keys) result.deployKeys.push({ repository, title, readOnly });
  }
  return result;
}
