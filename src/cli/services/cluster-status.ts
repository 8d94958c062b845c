import { lookAtNodes, type NodeLook } from '../../engine/operations/look-at-nodes.js';
import type { ClusterState } from '../../engine/ports/store.js';
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
    return {
      lines: renderStatus({ name, state, isProtected, nodes }),
      json: { formatVersion: 1, name, state, protected: isProtected, healthy, nodes },
    };
  });
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
}): readonly string[] {
  const { name, state, isProtected, nodes } = given;
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
  return [`${name}  ${state}${isProtected ? '  protected' : ''}`, '', ...table, ...next];
}
