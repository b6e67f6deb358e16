import type { Holdings } from "../../../world/holdings";

/**
 * What two sandboxes hold, made comparable: ids that a cloud picks at random become the names of what they belong to,
 * and commits, which carry the time of their import, are left out.
 */
export function comparable(holdings: Holdings): unknown {
  const { alibaba, github, clusters } = holdings;
  const names = new Map<string, string>();
  for (const { id, name } of alibaba.instances) names.set(id, `<id of instance ${name}>`);
  for (const { id, name } of alibaba.fleets) names.set(id, `<id of Fleet ${name}>`);
  for (const { id, name } of alibaba.repositories) names.set(id, `<id of image repository ${name}>`);
  for (const { id, repository, pushName } of alibaba.rules)
    names.set(id, `<id of ${repository} ${pushName}>`);
  const withoutCommit = ({ commit: _, ...row }: { commit: string }) => row;
  const refs = { branches: github.branches.map(withoutCommit), tags: github.tags.map(withoutCommit) };
  const text = JSON.stringify({ alibaba: sorted(alibaba), github: { ...github, ...refs }, clusters });
  const quoted = (name: string) => JSON.stringify(name).slice(1, -1);
  return JSON.parse([...names].reduce((all, [id, name]) => all.replaceAll(id, () => quoted(name)), text));
}

/** In the order of their content, not of their creation. */
function sorted(tables: object): object {
  const key = ({ id: _, ...row }: Record<string, unknown>) => JSON.stringify(row);
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]: [string, Record<string, unknown>[]]) => [
      name,
      [...rows].sort((a, b) => key(a).localeCompare(key(b))),
    ]),
  );
}
