import type { NodeName } from '../errors/ids.js';

/** The node whose data is taken: the first that answers, one that does not lead where there is one; null while none answers. */
export function chooseSource(role: {
  readonly nodes: readonly NodeName[];
  readonly ready: readonly NodeName[];
  readonly leaders: readonly NodeName[];
}): NodeName | null {
  const ready = role.nodes.filter((node) => role.ready.includes(node));
  return ready.find((node) => !role.leaders.includes(node)) ?? ready[0] ?? null;
}
