import type { CertificateForecast } from '../engine/certificates/forecast-certificates.js';
import type { NodeLook } from '../engine/operations/look-at-nodes.js';
import type { ClusterState } from '../engine/ports/store.js';
import { renderTable } from '../report/render-table.js';

/** A cluster as a look at all of its nodes found it, and what to do next where a node is not well. */
export function renderStatus(given: {
  readonly name: string;
  readonly state: ClusterState;
  readonly isProtected: boolean;
  readonly nodes: readonly NodeLook[];
  readonly certificates: CertificateForecast | null;
}): readonly string[] {
  const { name, state, isProtected, nodes, certificates } = given;
  const head = `${name}  ${state}${isProtected ? '  protected' : ''}`;
  return [head, '', ...tableOf(nodes), ...adviceLines(name, nodes), ...certificateLines(certificates)];
}

/** True where it does its work, or is off on purpose. */
export function isWell({ health }: Pick<NodeLook, 'health'>): boolean {
  return health === 'healthy' || health === 'stopped';
}

function tableOf(nodes: readonly NodeLook[]): readonly string[] {
  return renderTable({
    columns: [{ title: 'node' }, { title: 'machine' }, { title: 'health' }, { title: 'ready' }, { title: 'why' }],
    rows: nodes.map(({ node, machine, health, roles, why, behind }) => [
      node,
      machine,
      health,
      roles
        .filter(({ isReady }) => isReady)
        .map(({ role }) => role)
        .join(',') || null,
      why ?? (behind.length === 0 ? null : `not as wanted: ${behind.join(', ')}`),
    ]),
  });
}

/** A node that was asked by settings that it does not have yet may be well by those that it has: no case for `fix`. */
function adviceLines(name: string, nodes: readonly NodeLook[]): readonly string[] {
  const ill = nodes.filter((node) => !isWell(node));
  const unchanged = ill.filter(({ health, behind }) => health === 'unhealthy' && behind.length > 0);
  const broken = ill.length - unchanged.length;
  const of = `of ${String(nodes.length)} nodes`;
  const lines = [
    ...(broken === 0 ? [] : [`${String(broken)} ${of} are not well: bde cluster fix ${name} --plan`]),
    ...(unchanged.length === 0
      ? []
      : [
          `${String(unchanged.length)} ${of} do not have the settings yet by which they were asked:`,
          `  bde cluster resume ${name} goes on with the change, bde cluster upgrade ${name} --rollback takes it back.`,
        ]),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function certificateLines(certificates: CertificateForecast | null): readonly string[] {
  if (certificates === null) return [];
  const { earliest, warnings } = certificates;
  const whose = earliest.node === null ? "the authority's" : `that of ${earliest.node}`;
  const first = `Certificates: the first to expire is ${whose}, on ${earliest.expiresAt.slice(0, 10)}.`;
  return ['', first, ...warnings.map((warning) => `warning: ${warning}`)];
}
