import { openProvider } from '../wire.js';
import { describeCluster, type ClusterDescription } from './describe-cluster.js';
import { withStore } from './with-store.js';

/** @throws BdeError `UNKNOWN_CLUSTER` */
export function showCluster(name: string): Promise<ClusterDescription> {
  return withStore(async (store) => describeCluster(name, store, (await openProvider()).provider));
}
