import { bearersOf, firstBearer } from './nodes-by-role.js';
import type { RunScope } from './run-scope.js';

/** True on the one node of the role on which `once` has things done: the one with the lowest ordinal. */
export function runsHere({ input, role }: Pick<RunScope, 'input' | 'role'>): boolean {
  const first = firstBearer(bearersOf(input.nodes).get(role.name) ?? []);
  return first === undefined || first.name === input.node.name;
}
