import type { ClusterId } from '../../errors/ids.js';
import type { MachineListing, Provider } from '../ports/provider.js';

/** A cluster as the marks of its machines tell of it. */
export interface FoundCluster {
  readonly id: ClusterId;
  readonly name: string;
  /** Not empty; by node name, then generation. */
  readonly machines: readonly MachineListing[];
}

/** Every cluster that a provider has machines of, by name, then id. */
export async function findClusters(provider: Pick<Provider, 'list'>): Promise<readonly FoundCluster[]> {
  const machines = await provider.list();
  return [...new Set(machines.map(({ mark }) => mark.clusterId))]
    .map((id) => machines.filter(({ mark }) => mark.clusterId === id))
    .flatMap((own): readonly FoundCluster[] =>
      own[0] === undefined ? [] : [{ id: own[0].mark.clusterId, name: own[0].mark.clusterName, machines: own }],
    )
    .sort((one, other) => compare([one.name, one.id], [other.name, other.id]));
}

function compare(one: readonly string[], other: readonly string[]): number {
  return one.join('\0') < other.join('\0') ? -1 : 1;
}
