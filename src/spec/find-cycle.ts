/**
 * A cycle of a directed graph, its first node again at the end (`a, b, a`); undefined where there is none.
 * The same for the same input: roots and successors are tried in their order. Time is linear in nodes and edges.
 */
export function findCycle(
  roots: readonly string[],
  successors: (node: string) => readonly string[],
): readonly string[] | undefined {
  const done = new Set<string>();
  for (const root of roots) {
    const cycle = visit(root, [], { done, successors });
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

interface Walk {
  /** Nodes from which no cycle can be reached. */
  readonly done: Set<string>;
  readonly successors: (node: string) => readonly string[];
}

function visit(node: string, trail: readonly string[], walk: Walk): readonly string[] | undefined {
  if (walk.done.has(node)) return undefined;
  const start = trail.indexOf(node);
  if (start >= 0) return [...trail.slice(start), node];
  for (const next of walk.successors(node)) {
    const cycle = visit(next, [...trail, node], walk);
    if (cycle !== undefined) return cycle;
  }
  walk.done.add(node);
  return undefined;
}
