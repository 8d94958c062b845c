import type { ExportedCluster } from './exported-cluster.js';

/** Lines for `/etc/hosts`: address and name of every node. */
export function toHosts({ name, nodes }: Pick<ExportedCluster, 'name' | 'nodes'>): string {
  const lines = nodes.map((node) => `${node.address} ${node.name}`);
  return [`# bde cluster ${name}`, ...lines, ''].join('\n');
}
