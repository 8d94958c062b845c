import { changeAsHolder } from '../change-as-holder.js';
import { emitEvent } from '../context.js';
import type { OperationVerdict } from './judge-operation.js';
import type { Aftermath, OperationEnding, OperationRun } from './operation-run.js';

/** Writes an operation's end and the cluster's new state in one transaction, with a fault point on either side. */
export async function finishOperation(
  run: OperationRun,
  verdict: OperationVerdict,
  ending: OperationEnding & { readonly alsoFailed?: Aftermath['also'] },
): Promise<void> {
  const { deps, cluster, operation } = run;
  const { state, outcome } = verdict;
  if (state === 'lost') throw new TypeError('an operation that lost its cluster is not ours to end');
  deps.faults.reach({ kind: `finish-${operation.kind}` }, 'before');
  await changeAsHolder(run, async (tables) => {
    await tables.operations.update(operation.id, { state, endedAt: deps.clock.now(), outcome });
    const clusterState = state === 'interrupted' ? null : ending[state];
    if (clusterState !== null) await tables.clusters.update(cluster.id, { state: clusterState });
    if (state === 'succeeded') await ending.also?.(tables);
    if (state === 'failed') await ending.alsoFailed?.(tables);
  });
  deps.faults.reach({ kind: `finish-${operation.kind}` }, 'recorded');
  await emitEvent(deps, {
    kind: 'operation',
    clusterId: cluster.id,
    operationId: operation.id,
    text: `${operation.kind} of ${cluster.name}: ${outcome}`,
    data: { state },
  });
}
