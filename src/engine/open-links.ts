import { Secret } from '../errors/secret.js';
import type { EngineDependencies } from './context.js';
import { NodeLinks } from './node-links.js';
import type { ClusterRecord } from './ports/store.js';
import { SSH_KEY_SECRET } from './secret-names.js';

/** Links to a cluster's nodes with the cluster's own key; the caller closes them. */
export async function openLinks(deps: EngineDependencies, cluster: ClusterRecord): Promise<NodeLinks> {
  return new NodeLinks({
    nodes: deps.nodes,
    table: deps.store.nodes,
    clusterId: cluster.id,
    privateKey: await clusterKey(deps, cluster),
    access: deps.provider.access,
    connectTimeoutMs: deps.limits.machineUpMs,
    connectsAtOnce: deps.limits.connectsAtOnce,
  });
}

/** The cluster's private ssh key. */
export async function clusterKey(
  deps: Pick<EngineDependencies, 'store' | 'sealer'>,
  cluster: ClusterRecord,
): Promise<Secret> {
  const sealed = await deps.store.secrets.get(cluster.id, SSH_KEY_SECRET);
  return sealed === undefined ? new Secret('') : deps.sealer.open(sealed);
}
