import type { Holdings } from "../../../world/holdings";

/**
 * What a sandbox holds, as lines that can be compared with those of another one, in the order of their content and not of
 * their creation: ids that a cloud picks at random become the names of what they belong to, and commits, which carry the
 * time of their import, are left out.
 */
export function comparable({ alibaba, github, clusters }: Holdings): string[] {
  const names = new Map<string, string>();
  for (const { id, name } of alibaba.instances) names.set(id, `<id of instance ${name}>`);
  for (const { id, name } of alibaba.fleets) names.set(id, `<id of Fleet ${name}>`);
  for (const { id, name } of alibaba.repositories) names.set(id, `<id of image repository ${name}>`);
  for (const { id, repository, pushName } of alibaba.rules)
    names.set(id, `<id of ${repository} ${pushName}>`);
  const withoutCommit = ({ commit: _, ...row }: { commit: string }) => row;
  const refs = { branches: github.branches.map(withoutCommit), tags: github.tags.map(withoutCommit) };
  // How its last message fared depends on the moment: argocd-server listens anew when it gets a secret.
  const hooks = github.hooks.map(({ lastStatus: _, ...row }) => row);
  const tables = { ...alibaba, ...github, ...refs, hooks, clusters: clusters.flatMap(rowsOf) };
  const lines = Object.entries(tables).flatMap(([table, rows]: [string, readonly unknown[]]) =>
    rows.map((row) => `${table} ${JSON.stringify(row)}`),
  );
  const quoted = (name: string) => JSON.stringify(name).slice(1, -1);
  const named = (line: string) =>
    [...names].reduce((all, [id, name]) => all.replaceAll(id, () => quoted(name)), line);
  return lines.map(named).sort();
}

/** One row for each object of a cluster. */
const rowsOf = ({ id, kind, ...lists }: Holdings["clusters"][number]) => [
  { id, kind },
  ...Object.entries(lists).flatMap(([list, objects]: [string, readonly unknown[]]) =>
    objects.map((object) => ({ id, [list]: object })),
  ),
];

/** What one of them has and the other hasn't: short, where the whole lines would fill a screen. */
export function differences(actual: readonly string[], expected: readonly string[]): string[] {
  const without = (lines: readonly string[], others: readonly string[]) => {
    const left = [...others];
    return lines.filter((line) => {
      const found = left.indexOf(line);
      if (found >= 0) left.splice(found, 1);
      return found < 0;
    });
  };
  return [
    ...without(actual, expected).map((line) => `unexpected: ${line}`),
    ...without(expected, actual).map((line) => `missing: ${line}`),
  ];
}
