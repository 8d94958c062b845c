import { unknownCluster } from '../../engine/operations/unknown-cluster.js';
import type { ClusterRecord, Store } from '../../engine/ports/store.js';

/** @throws BdeError `UNKNOWN_CLUSTER`, with the nearest name that is known */
export async function findCluster(store: Store, name: string): Promise<ClusterRecord> {
  const cluster = await store.clusters.byName(name);
  if (cluster !== undefined) return cluster;
  throw unknownCluster(
    name,
    (await store.clusters.list()).map((known) => known.name),
  );
}
