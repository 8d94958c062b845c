import type { ClusterId } from '../errors/ids.js';
import type { FactRecord, Store } from './ports/store.js';

/** The facts of current machines only: a replaced machine voids what its predecessor said. */
export async function currentFacts(
  store: Pick<Store, 'facts' | 'nodes'>,
  clusterId: ClusterId,
): Promise<readonly FactRecord[]> {
  const facts = await store.facts.list(clusterId);
  if (facts.length === 0) return [];
  const machines = await store.nodes.listMachines(clusterId);
  const generations = new Map(
    machines.filter((each) => each.standing === 'current').map((each) => [each.nodeName, each.generation]),
  );
  return facts.filter((fact) => generations.get(fact.node) === fact.generation);
}
