import { forecastCertificates, type CertificateForecast } from '../../engine/certificates/forecast-certificates.js';
import { openCertificates } from '../../engine/certificates/open-certificates.js';
import type { EngineDependencies } from '../../engine/context.js';
import { lookAtNodes, type NodeLook } from '../../engine/operations/look-at-nodes.js';
import type { ClusterRecord, ClusterState } from '../../engine/ports/store.js';
import { renderTable } from '../../report/render-table.js';
import { stopSignalsOfProcess } from '../interrupt.js';
import { findCluster } from './find-cluster.js';
import { withEngine, type Surroundings } from './with-engine.js';

/** A cluster as a look at all of its nodes found it. */
export interface StatusReport {
  readonly lines: readonly string[];
  readonly json: {
    readonly formatVersion: 1;
    readonly name: string;
    readonly state: ClusterState;
    readonly protected: boolean;
    readonly healthy: boolean;
    readonly nodes: readonly NodeLook[];
    /** Null where none was made. */
    readonly certificates: CertificateForecast | null;
  };
}

/** Pause between two looks of `--watch`. */
const WATCH_MS = 2_000;

/** Looks at every node once. */
export function status(name: string, surroundings: Surroundings): Promise<StatusReport> {
  return withEngine({ ...surroundings, cluster: name }, async (deps) => {
    const cluster = await findCluster(deps.store, name);
    const nodes = await lookAtNodes(deps, cluster, new AbortController().signal);
    const healthy = nodes.every(({ health }) => health === 'healthy' || health === 'stopped');
    const { state, isProtected } = cluster;
    const certificates = await forecast(deps, cluster, nodes);
    return {
      lines: renderStatus({ name, state, isProtected, nodes, certificates }),
      json: { formatVersion: 1, name, state, protected: isProtected, healthy, nodes, certificates },
    };
  });
}

async function forecast(
  deps: EngineDependencies,
  cluster: ClusterRecord,
  looks: readonly NodeLook[],
): Promise<CertificateForecast | null> {
  const certificates = await openCertificates(deps, cluster.id);
  if (certificates === null) return null;
  const nodes = looks.map(({ node }) => node);
  return forecastCertificates(certificates, { cluster: cluster.name, nodes, nowMs: deps.clock.now() });
}

/** Looks again and again until Ctrl-C, showing each look that differs from the one before. */
export async function watchStatus(
  name: string,
  surroundings: Surroundings,
  show: (lines: readonly string[]) => void,
): Promise<StatusReport> {
  const { stopStarting } = stopSignalsOfProcess(() => undefined);
  let shown = '';
  for (;;) {
    const report = await status(name, surroundings);
    const text = report.lines.join('\n');
    if (text !== shown) show(report.lines);
    shown = text;
    if (!(await pauseUnless(stopStarting))) return report;
  }
}

function pauseUnless(signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), WATCH_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

function renderStatus(given: {
  readonly name: string;
  readonly state: ClusterState;
  readonly isProtected: boolean;
  readonly nodes: readonly NodeLook[];
  readonly certificates: CertificateForecast | null;
}): readonly string[] {
  const { name, state, isProtected, nodes, certificates } = given;
  const table = renderTable({
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
  const ill = nodes.filter(({ health }) => health !== 'healthy' && health !== 'stopped').length;
  const next =
    ill === 0
      ? []
      : ['', `${String(ill)} of ${String(nodes.length)} nodes are not well: bde cluster fix ${name} --plan`];
  const head = `${name}  ${state}${isProtected ? '  protected' : ''}`;
  return [head, '', ...table, ...next, ...certificateLines(certificates)];
}

function certificateLines(certificates: CertificateForecast | null): readonly string[] {
  if (certificates === null) return [];
  const { earliest, warnings } = certificates;
  const whose = earliest.node === null ? "the authority's" : `that of ${earliest.node}`;
  const first = `Certificates: the first to expire is ${whose}, on ${earliest.expiresAt.slice(0, 10)}.`;
  return ['', first, ...warnings.map((warning) => `warning: ${warning}`)];
}
