import { changeAsHolder } from '../change-as-holder.js';
import type { ClusterState } from '../ports/store.js';
import { interruptOthers } from './interrupt-others.js';
import type { OperationRun } from './operation-run.js';

/** Only this operation runs from now on, and the cluster says what becomes of it. */
export async function beginOperation(run: OperationRun, state: ClusterState): Promise<void> {
  await changeAsHolder(run, async (tables) => {
    await interruptOthers(tables, run.operation, run.deps.clock.now());
    await tables.operations.update(run.operation.id, {
      state: 'running',
      endedAt: null,
      outcome: null,
      cancelAsked: false,
    });
    await tables.clusters.update(run.cluster.id, { state });
  });
}
