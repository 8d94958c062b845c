import { forecastCertificates, type CertificateForecast } from '../../engine/certificates/forecast-certificates.js';
import { openCertificates } from '../../engine/certificates/open-certificates.js';
import type { EngineDependencies } from '../../engine/context.js';
import { lookAtNodes, type NodeLook } from '../../engine/operations/look-at-nodes.js';
import type { ClusterRecord, ClusterState } from '../../engine/ports/store.js';
import { stopSignalsOfProcess } from '../interrupt.js';
import { isWell, renderStatus } from '../render-status.js';
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
    const healthy = nodes.every(isWell);
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
