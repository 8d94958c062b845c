import type { ResolvedCluster } from '../spec/resolved-cluster.js';

/** What of a role sets a minimum. */
export interface CountedRole {
  readonly cardinality: { readonly min: number };
  readonly requires: readonly string[];
}

/** The least number of nodes of a group, and the role that asks for them. */
export interface GroupMinimum {
  readonly role: string;
  readonly count: number;
}

/**
 * How few nodes a group may have: as many as keep each of its roles at its minimum, the nodes of other groups counted in,
 * and one where a role of another group requires one that nobody else has.
 */
export function findMinimum(
  cluster: ResolvedCluster,
  roles: ReadonlyMap<string, CountedRole>,
  groupName: string,
): GroupMinimum | null {
  const group = cluster.groups.find(({ name }) => name === groupName);
  const others = cluster.groups.filter(({ name }) => name !== groupName);
  const minimums = (group?.roles ?? []).map((role): GroupMinimum => {
    const elsewhere = others.filter((each) => each.roles.includes(role)).reduce((sum, { count }) => sum + count, 0);
    const isRequired = others.some((each) => each.roles.some((name) => roles.get(name)?.requires.includes(role)));
    const least = Math.max(isRequired ? 1 : 0, roles.get(role)?.cardinality.min ?? 0);
    return { role, count: Math.max(0, least - elsewhere) };
  });
  const highest = minimums.reduce<GroupMinimum | null>(
    (best, each) => (best === null || each.count > best.count ? each : best),
    null,
  );
  return highest !== null && highest.count > 0 ? highest : null;
}
