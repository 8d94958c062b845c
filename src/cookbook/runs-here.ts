import { bearersOf } from './render-context.js';
import type { NodeView } from './types.js';
import type { RunScope } from './run-scope.js';

/** True on the one node of the role on which `once` has things done: the one with the lowest ordinal. */
export function runsHere({ input, role }: Pick<RunScope, 'input' | 'role'>): boolean {
  const bearers = bearersOf(input.nodes).get(role.name) ?? [];
  const [first] = bearers.toSorted(byOrdinal);
  return first === undefined || first.name === input.node.name;
}

function byOrdinal(one: NodeView, other: NodeView): number {
  return one.ordinal - other.ordinal || (one.name < other.name ? -1 : 1);
}
