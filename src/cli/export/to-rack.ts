import type { ExportedCluster, ExportedNode } from './exported-cluster.js';

/** Where hosts are of which no rack is known. */
const NO_RACK = 'default-rack';

/**
 * BDE's rack topology: a line `rack: host, host` for each rack, no rack or host twice, for the hosts that carry the cluster;
 * where each node is follows in comments, as Hadoop's topology scripts name it (`address /rack`).
 */
export function toRack({ name, nodes }: Pick<ExportedCluster, 'name' | 'nodes'>): string {
  const racks = sorted(nodes.filter(({ host }) => host !== null).map(rackOf));
  const lines = racks.map((rack) => {
    const hosts = sorted(nodes.flatMap((node) => (node.host !== null && rackOf(node) === rack ? [node.host] : [])));
    return `${rack}: ${hosts.join(', ')}`;
  });
  const places = nodes.map((node) => `# ${node.name}: ${node.address} /${rackOf(node)}`);
  return [`# bde cluster ${name}`, ...lines, ...places, ''].join('\n');
}

function rackOf({ rack }: ExportedNode): string {
  return rack ?? NO_RACK;
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
