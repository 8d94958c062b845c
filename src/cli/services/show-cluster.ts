import { openProvider } from '../wire.js';
import { describeCluster, type ClusterDescription } from './describe-cluster.js';
import { findCluster } from './find-cluster.js';
import { withStore } from './with-store.js';

/** @throws BdeError `UNKNOWN_CLUSTER` */
export function showCluster(name: string): Promise<ClusterDescription> {
  return withStore(async (store) => {
    const cluster = await findCluster(store, name);
    return describeCluster(name, store, (await openProvider({ name: cluster.provider })).provider);
  });
}
