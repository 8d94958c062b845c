import { renderTable } from '../report/render-table.js';
import type { ClusterDescription } from './services/describe-cluster.js';

/** A cluster as lines: head, nodes, endpoints, next commands. */
export function renderCluster(cluster: ClusterDescription): readonly string[] {
  const rehearsal = cluster.rehearsal ? '  REHEARSAL: stand-in packages, no real service' : '';
  return [
    `${cluster.name}  ${cluster.state}  ${cluster.spec} on ${cluster.provider}, distro ${cluster.distro}${rehearsal}`,
    ...lastOperation(cluster),
    '',
    ...renderTable({
      columns: [
        { title: 'node' },
        { title: 'roles' },
        { title: 'address' },
        { title: 'machine' },
        { title: 'generation', align: 'right' },
      ],
      rows: cluster.nodes.map((node) => [
        node.name,
        node.roles.join(','),
        node.address,
        node.machine?.state ?? 'none',
        node.machine?.generation,
      ]),
    }),
    ...endpoints(cluster),
    '',
    'Next:',
    ...cluster.next.map((command) => `  ${command}`),
  ];
}

function lastOperation({ operation }: ClusterDescription): readonly string[] {
  if (operation === null || operation.state === 'succeeded') return [];
  return [
    `Last operation: ${operation.kind} ${operation.state}${operation.outcome === null ? '' : `: ${operation.outcome}`}`,
  ];
}

function endpoints(cluster: ClusterDescription): readonly string[] {
  if (cluster.endpoints.length === 0) return [];
  const table = renderTable({
    columns: [{ title: 'role' }, { title: 'endpoint' }, { title: 'node' }, { title: 'url' }],
    rows: cluster.endpoints.map((each) => [each.role, each.name, each.node, each.url]),
  });
  return ['', ...table];
}
