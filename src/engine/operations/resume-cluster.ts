import { BdeError } from '../../errors/bde-error.js';
import type { EngineDependencies, StopSignals } from '../context.js';
import type { ClusterRecord, OperationRecord } from '../ports/store.js';
import { continueChange } from './continue-change.js';
import { continueConverge } from './converge-cluster.js';
import { continueCreate } from './continue-create.js';
import { continueDelete } from './delete-cluster.js';
import { continueImport } from './continue-import.js';
import { holdCluster } from './hold-cluster.js';
import type { OperationRun } from './operation-run.js';
import { unknownCluster } from './unknown-cluster.js';

/** What resuming found. */
export type ResumeOutcome =
  | { readonly type: 'resumed'; readonly operation: OperationRecord }
  | { readonly type: 'nothing-to-resume'; readonly operation: OperationRecord };

/**
 * Goes on with the last operation of the cluster of that name, from what the journal and the world say.
 *
 * @throws BdeError `UNKNOWN_CLUSTER`, `LEASE_HELD`, and those of the operation's steps
 */
export async function resumeCluster(name: string, deps: EngineDependencies, stop: StopSignals): Promise<ResumeOutcome> {
  const cluster = await deps.store.clusters.byName(name);
  if (cluster === undefined) return resumeGone(name, deps);
  const last = await lastOperation(cluster, deps);
  if (last.state === 'succeeded') return { type: 'nothing-to-resume', operation: last };
  return holdCluster(deps, cluster, async (lease, held) => {
    // Its controller may have ended it between the look above and the lease.
    const operation = await lastOperation(held, deps);
    if (operation.state === 'succeeded') return { type: 'nothing-to-resume', operation };
    await continueOperation({ deps, cluster: held, operation, lease, stop });
    return { type: 'resumed', operation };
  });
}

async function lastOperation(cluster: ClusterRecord, { store }: EngineDependencies): Promise<OperationRecord> {
  const operation = await store.operations.newest(cluster.id);
  if (operation === undefined) throw new TypeError(`the cluster ${cluster.name} was recorded without an operation`);
  return operation;
}

function continueOperation(run: OperationRun): Promise<void> {
  switch (run.operation.kind) {
    case 'create':
      return continueCreate(run);
    case 'converge':
      return continueConverge(run);
    case 'delete':
      return continueDelete(run);
    case 'import':
      return continueImport(run);
    case 'apply':
    case 'resize':
    case 'config':
    case 'stop':
    case 'start':
    case 'restart':
    case 'fix':
    case 'upgrade':
    case 'rollback':
    case 'verify':
    case 'set-secret':
    case 'rotate-secrets':
    case 'rotate-certs':
    case 'backup':
    case 'restore':
      return continueChange(run);
    default:
      throw new BdeError(
        'STATE_INVALID',
        `The operation ${run.operation.id} is a ${run.operation.kind}, which this bde does not know.`,
        { subject: { cluster: run.cluster.name }, hint: 'Use the bde version that began it.' },
      );
  }
}

/** A delete that was killed after its last record has removed the cluster: that is its end. */
async function resumeGone(name: string, deps: EngineDependencies): Promise<ResumeOutcome> {
  const last = (await deps.store.operations.list()).find((operation) => operation.clusterName === name);
  if (last?.kind === 'delete' && last.state === 'succeeded') return { type: 'nothing-to-resume', operation: last };
  throw unknownCluster(name);
}
