import { memoByIdentity } from './memo-by-identity.js';
import type { NodeView } from './types.js';

/** The nodes by role, in their order. */
export const bearersOf = memoByIdentity((nodes: readonly NodeView[]): ReadonlyMap<string, readonly NodeView[]> => {
  const byRole = new Map<string, NodeView[]>();
  for (const node of nodes) {
    for (const role of node.roles) {
      const bearers = byRole.get(role) ?? [];
      bearers.push(node);
      byRole.set(role, bearers);
    }
  }
  return byRole;
});

/** Which of the bearers of a role has the lowest ordinal. */
export const firstBearer = memoByIdentity(
  (bearers: readonly NodeView[]): NodeView | undefined => bearers.toSorted(byOrdinal)[0],
);

/** Nodes that bear one of these roles, and one more, in the order of the cluster: as many steps as there are such nodes. */
export function bearersOfAny(
  nodes: readonly NodeView[],
  { roles, and }: { readonly roles: Iterable<string>; readonly and: NodeView['name'] | null },
): readonly NodeView[] {
  const byRole = bearersOf(nodes);
  const places = placesOf(nodes);
  const named = [...roles].flatMap((role) => byRole.get(role) ?? []).map(({ name }) => name);
  const wanted = new Set(and === null ? named : [...named, and]);
  const found = [...wanted].flatMap((name) => places.get(name) ?? []);
  return found.sort((one, other) => one - other).flatMap((place) => nodes[place] ?? []);
}

const placesOf = memoByIdentity(
  (nodes: readonly NodeView[]): ReadonlyMap<string, number> => new Map(nodes.map(({ name }, place) => [name, place])),
);

function byOrdinal(one: NodeView, other: NodeView): number {
  return one.ordinal - other.ordinal || (one.name < other.name ? -1 : 1);
}
