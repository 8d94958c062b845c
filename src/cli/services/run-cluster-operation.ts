import type { EngineDependencies, StopSignals } from '../../engine/context.js';
import { convergeCluster } from '../../engine/operations/converge-cluster.js';
import type { ChangeOrder } from '../../engine/operations/change-request.js';
import type { OperationRecord } from '../../engine/ports/store.js';
import type { ConvergeSelection } from '../../engine/operations/selection.js';
import { deleteCluster } from '../../engine/operations/delete-cluster.js';
import { resumeCluster } from '../../engine/operations/resume-cluster.js';
import type { ProgressView } from '../../report/progress.js';
import { summarizeTime } from '../../report/time-summary.js';
import { countUnchanged } from '../../report/unchanged-summary.js';
import { renderCluster } from '../render-cluster.js';
import { renderTimes } from '../render-times.js';
import { describeCluster, type ClusterDescription } from './describe-cluster.js';
import { findCluster } from './find-cluster.js';
import { withProgress, type Shown, type Surroundings } from './with-engine.js';

/** How an operation ended, for people and for `--json`. */
export interface OperationReport {
  readonly lines: readonly string[];
  readonly json: {
    readonly formatVersion: 1;
    readonly operation: string;
    readonly outcome: 'succeeded' | 'nothing-to-do';
    /** Null when the cluster is gone. */
    readonly cluster: ClusterDescription | null;
    /** What it warned of on its way, e.g. what an abandoned cluster leaves. */
    readonly warnings: readonly string[];
  };
}

/** Goes on with the last operation of a cluster. */
export async function resume(name: string, surroundings: Surroundings): Promise<OperationReport> {
  const title = `resume ${name}`;
  let why = '';
  const operating = { ...surroundings, title, operation: 'resume', cluster: name, whyNothing: () => why };
  return operate(operating, async (deps, stop) => {
    const outcome = await resumeCluster(name, deps, stop);
    why = whyNotResumed(outcome.operation, name);
    return outcome.type === 'resumed';
  });
}

/** After a rollback that followed by itself there is nothing to go on with, whatever the operation before it came to. */
function whyNotResumed({ request }: OperationRecord, name: string): string {
  const { undoes } = request as Partial<ChangeOrder>;
  if (undoes === undefined) return `the last operation of ${name} has ended well`;
  return `what operation ${undoes} changed was rolled back, and ${name} is as before it`;
}

/** Deletes a cluster; the caller has asked. */
export async function remove(
  name: string,
  { abandon, ...surroundings }: Surroundings & { readonly abandon: boolean },
): Promise<OperationReport> {
  const title = `delete ${name}`;
  let left: string | undefined;
  const report = await operate({ ...surroundings, title, operation: 'delete', cluster: name }, async (deps, stop) => {
    left = deps.provider.provider.describe().leaves;
    await deleteCluster(deps, await findCluster(deps.store, name), { ...stop, abandon });
    return true;
  });
  return left === undefined
    ? report
    : { ...report, lines: [...report.lines, `Its hosts are free; left on them: ${left}.`] };
}

/** Runs the selected scripts again. */
export async function converge(
  name: string,
  selection: ConvergeSelection,
  surroundings: Surroundings,
): Promise<OperationReport> {
  const title = `converge ${name}`;
  return operate({ ...surroundings, title, operation: 'converge', cluster: name }, async (deps, stop) => {
    await convergeCluster(selection, await findCluster(deps.store, name), { deps, stop });
    return true;
  });
}

/** What operating needs to know beside the work. */
export interface Operating extends Surroundings {
  readonly title: string;
  readonly operation: string;
  readonly cluster: string;
  /** Why there was nothing to do; that the cluster is as it should be where nobody knows better. */
  readonly whyNothing?: () => string;
}

/** Runs an operation under a progress view and reports on the cluster afterwards. `work` says whether anything was done. */
export async function operate(
  operating: Operating,
  work: (deps: EngineDependencies, stop: StopSignals) => Promise<boolean>,
): Promise<OperationReport> {
  const shown = await withProgress(operating, async (deps, stop) => {
    const worked = await work(deps, stop);
    const exists = (await deps.store.clusters.byName(operating.cluster)) !== undefined;
    const cluster = exists ? await describeCluster(operating.cluster, deps.store, deps.provider.provider) : null;
    return { worked, cluster };
  });
  return reportOn(operating, shown);
}

function reportOn(
  operating: Operating,
  { result, view, warnings }: Shown<{ readonly worked: boolean; readonly cluster: ClusterDescription | null }>,
): OperationReport {
  const { worked, cluster } = result;
  const head = worked ? unchangedLines(view) : [`Nothing to do: ${whyNothing(operating)}.`];
  const body = cluster === null ? [`The cluster ${operating.cluster} is gone.`] : renderCluster(cluster);
  return {
    lines: [...head, ...renderTimes(summarizeTime(view)), ...body],
    json: {
      formatVersion: 1,
      operation: operating.operation,
      outcome: worked ? 'succeeded' : 'nothing-to-do',
      cluster,
      warnings,
    },
  };
}

function whyNothing({ cluster, whyNothing: why }: Operating): string {
  return why?.() ?? `${cluster} is as it should be`;
}

function unchangedLines(view: ProgressView): readonly string[] {
  const count = countUnchanged(view);
  return count === null ? [] : [`Nothing changed: ${String(count)} runs found all as it should be.`, ''];
}
