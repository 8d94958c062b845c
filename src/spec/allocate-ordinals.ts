import type { NodeName } from '../errors/ids.js';

/** Nodes without a quorum role count from here, so that the small numbers stay with those that need them. */
const FIRST_OTHER = 1001;

/**
 * An ordinal for every node: 1-based, unique in the cluster, the node's for its life.
 *
 * Members of a quorum take the lowest numbers that are free (products bound them: some end at 255), other nodes count from
 * 1001. A number in `reserved` stays its node's, also when that node is gone: a member list may still remember it.
 *
 * @param reserved every ordinal ever given out in this cluster, by node name
 */
export function allocateOrdinals(
  reserved: ReadonlyMap<string, number>,
  nodes: readonly { readonly name: NodeName; readonly quorum: boolean }[],
): ReadonlyMap<NodeName, number> {
  const taken = new Set(reserved.values());
  const next = { quorum: 1, other: FIRST_OTHER };
  const allocated = nodes.map(({ name, quorum }) => {
    const kind = quorum ? 'quorum' : 'other';
    const ordinal = reserved.get(name) ?? firstFree(next[kind], taken);
    if (!reserved.has(name)) next[kind] = ordinal + 1;
    taken.add(ordinal);
    return [name, ordinal] as const;
  });
  return new Map(allocated);
}

function firstFree(from: number, taken: ReadonlySet<number>): number {
  let candidate = from;
  while (taken.has(candidate)) candidate += 1;
  return candidate;
}
