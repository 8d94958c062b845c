import { BdeError } from '../../errors/bde-error.js';
import { retell } from '../../errors/retell.js';
import { toError } from '../join-failures.js';
import { changedNodes } from './changed-nodes.js';
import { findRollback } from './decide-rollback.js';
import type { OperationRun } from './operation-run.js';
import { performChange } from './perform-change.js';

/**
 * Runs a change, new or begun before, to its end, and the rollback that follows where it failed by what it changes.
 *
 * @throws the first root cause of the change, with what the rollback came to; the reason of a stop
 */
export async function continueChange(run: OperationRun): Promise<void> {
  try {
    await performChange(run);
  } catch (error) {
    const rollback = await findRollback(run);
    if (rollback === null || !(error instanceof BdeError)) throw error;
    run.deps.faults.reach({ kind: 'begin-rollback' }, 'recorded');
    // Whatever was to be fenced has been: a second time, nodes would refuse the epoch that they know.
    const lease = { ...run.lease, takenOver: false };
    throw await goBack({ ...run, ...rollback, lease }, { run, error });
  }
}

/** A change that failed. */
interface FailedChange {
  readonly run: OperationRun;
  readonly error: BdeError;
}

/** Runs a rollback to its end; gives how the failure that it follows is to be told. */
async function goBack(rollback: OperationRun, failed: FailedChange): Promise<Error> {
  try {
    await performChange(rollback);
  } catch (error) {
    return (await hasFailed(rollback)) ? failedToo(rollback, failed, toError(error)) : toError(error);
  }
  return rolledBack(rollback, failed);
}

/** A rollback that was stopped or lost its cluster has not failed: it is resumed, here or elsewhere. */
async function hasFailed({ deps, operation }: OperationRun): Promise<boolean> {
  return (await deps.store.operations.byId(operation.id))?.state === 'failed';
}

async function rolledBack(rollback: OperationRun, { run, error }: FailedChange): Promise<BdeError> {
  const nodes = await changedNodes(rollback);
  const { id } = rollback.operation;
  const many = nodes.length === 1 ? '1 node' : `${String(nodes.length)} nodes`;
  const which = nodes.length === 0 ? '' : ` (${nodes.join(', ')})`;
  return retell(error, {
    aftermath: `Operation ${id} rolled back ${many}${which}: the cluster is as before operation ${run.operation.id}.`,
    hint: hintAfterRollback(run),
    data: { ...error.data, rollback: { operation: id, state: 'succeeded', nodes } },
  });
}

function hintAfterRollback({ cluster: { name }, operation: { kind } }: OperationRun): string {
  const look = 'with --no-rollback what failed is kept, to be looked at.';
  if (kind === 'config') return `Give another value: bde cluster config ${name} --set PATH=VALUE; ${look}`;
  return `Mend what it names, then give the same command again; ${look}`;
}

function failedToo(rollback: OperationRun, { run, error }: FailedChange, again: Error): BdeError {
  const { id } = rollback.operation;
  const { name } = rollback.cluster;
  return retell(error, {
    aftermath: `Operation ${id}, which was to roll back what operation ${run.operation.id} changed, failed too: ${again.message}`,
    hint: `Mend what it names, then run bde cluster resume ${name}: it goes on with the rollback.`,
    failures: again instanceof BdeError ? [...error.failures, again] : error.failures,
    data: { ...error.data, rollback: { operation: id, state: 'failed' } },
  });
}
