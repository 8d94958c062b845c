import { BdeError, isBdeError } from '../../errors/bde-error.js';
import { joinFailures, toError } from '../join-failures.js';
import type { StepsResult } from '../run-steps.js';
import type { OperationRun } from './operation-run.js';

/** How an operation ended, how that reads in the audit, and the error that counts, if any. `lost`: to another controller. */
export interface OperationVerdict {
  readonly state: 'succeeded' | 'failed' | 'interrupted' | 'lost';
  readonly outcome: string;
  readonly error: Error | undefined;
}

/** What judging needs to know of an operation. */
export type JudgedRun = Pick<OperationRun, 'cluster' | 'stop' | 'lease'>;

/** The verdict on steps that ended: a lost lease is all that counts, then failures (all of them travel), then a stop. */
export function judgeSteps(run: JudgedRun, result: StepsResult): OperationVerdict {
  const lost = findLoss(run, result);
  if (lost !== undefined) return verdictOn('lost', lost);
  if (result.failures.length > 0) return verdictOn('failed', joinFailures(run.cluster.name, result));
  if (result.stoppedBy !== null) return verdictOn('interrupted', toError(result.stoppedBy.reason));
  return { state: 'succeeded', outcome: 'succeeded', error: undefined };
}

/** The verdict on work that threw before, between or after its steps. */
export function judgeError(run: JudgedRun, thrown: unknown): OperationVerdict {
  const error = toError(thrown);
  const { lost } = run.lease;
  if (lost.aborted) return verdictOn('lost', toError(lost.reason));
  if (isBdeError(error, 'LEASE_LOST')) return verdictOn('lost', error);
  return verdictOn(wasAskedToStop(run, error) ? 'interrupted' : 'failed', error);
}

function wasAskedToStop({ stop, lease }: JudgedRun, error: Error): boolean {
  return [stop.stopStarting, stop.abort, lease.cancelled].some((signal) => signal.aborted && signal.reason === error);
}

/** Once the cluster is another one's, whatever else went wrong is a consequence. */
function findLoss({ lease }: JudgedRun, { failures }: StepsResult): Error | undefined {
  if (lease.lost.aborted) return toError(lease.lost.reason);
  return failures.map(({ error }) => error).find((error): error is BdeError => isBdeError(error, 'LEASE_LOST'));
}

function verdictOn(state: 'failed' | 'interrupted' | 'lost', error: Error): OperationVerdict {
  return { state, outcome: outcomeOf(state, error), error };
}

function outcomeOf(state: OperationVerdict['state'], error: Error): string {
  if (state === 'interrupted') return 'stopped on request';
  return error instanceof BdeError ? error.message : `internal error: ${error.message}`;
}
