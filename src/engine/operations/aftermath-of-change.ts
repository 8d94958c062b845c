import { isBdeError, type BdeError } from '../../errors/bde-error.js';
import { retell } from '../../errors/retell.js';
import { toError } from '../join-failures.js';
import type { ChangeOrder } from './change-request.js';
import { decideRollback, type RollbackDecision } from './decide-rollback.js';
import type { Aftermath, OperationRun } from './operation-run.js';
import { waysOn } from './ways-on.js';

/** What becomes of a change that failed: a rollback is recorded with its end, or it is told why none follows and what else can be done. */
export async function aftermathOf(run: OperationRun, order: ChangeOrder, error: Error): Promise<Aftermath> {
  if (!isBdeError(error)) return { error };
  const decision = await decide(run, order, error);
  if (decision.type === 'follows') {
    return { error, also: decision.draft.record };
  }
  const aftermath = decision.type === 'refused' ? `Nothing was rolled back: ${decision.why}` : undefined;
  return { error: retell(error, { hint: waysOn(run, order, error.hint), aftermath }) };
}

/** A failure has to be recorded, whatever else goes wrong. */
async function decide(run: OperationRun, order: ChangeOrder, error: BdeError): Promise<RollbackDecision> {
  try {
    return await decideRollback(run, order, error);
  } catch (thrown) {
    return { type: 'refused', why: toError(thrown).message };
  }
}
