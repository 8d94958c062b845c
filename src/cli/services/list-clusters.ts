import { withStore } from './with-store.js';

/** One line of `bde cluster list`; `formatVersion` 1. */
export interface ClusterLine {
  readonly name: string;
  readonly state: string;
  readonly spec: string;
  readonly distro: string;
  readonly provider: string;
  readonly rehearsal: boolean;
  readonly nodeCount: number;
  readonly createdAt: string;
}

/** All clusters of this home, by name. */
export function listClusters(): Promise<readonly ClusterLine[]> {
  return withStore(async (store) => {
    const lines: ClusterLine[] = [];
    for (const cluster of await store.clusters.list()) {
      const nodes = await store.nodes.listNodes(cluster.id);
      const { name, state, spec, distro, provider, rehearsal } = cluster;
      const createdAt = new Date(cluster.createdAt).toISOString();
      lines.push({ name, state, spec, distro, provider, rehearsal, nodeCount: nodes.length, createdAt });
    }
    return lines;
  });
}
