import type { ClusterRecord, Store, StoreTables } from './ports/store.js';
import { leaseLost, type Lease } from './lease.js';

/** A cluster, held. */
export interface Holding {
  readonly deps: { readonly store: Store };
  readonly cluster: Pick<ClusterRecord, 'id' | 'name'>;
  readonly lease: Lease;
}

/**
 * Changes the store in one transaction, in which nobody else has taken the cluster over: all that an operation writes
 * beside its journal goes through here.
 *
 * @throws BdeError `LEASE_LOST`
 */
export async function changeAsHolder<Result>(
  { deps, cluster, lease }: Holding,
  work: (tables: StoreTables) => Promise<Result>,
): Promise<Result> {
  await lease.guard();
  return deps.store.transaction(async (tables) => {
    const stored = await tables.clusters.byId(cluster.id);
    if (stored !== undefined && stored.epoch > lease.epoch) {
      throw leaseLost({ cluster: cluster.name, epoch: lease.epoch }, `the cluster is at epoch ${String(stored.epoch)}`);
    }
    return work(tables);
  });
}
