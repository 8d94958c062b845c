import type { EngineDependencies } from '../../engine/context.js';
import { recordedPlan } from '../../engine/operations/run-operation.js';
import type { EventRecord } from '../../engine/ports/store.js';
import { estimateFromHistory } from '../../engine/past-steps.js';
import type { OperationId } from '../../errors/ids.js';
import { renderPlan } from '../render-plan.js';

/** What is said before a rollback that follows by itself: what failed, and the plan of what comes. */
export async function introduceRollback(
  { operationId, data }: Pick<EventRecord, 'operationId' | 'data'>,
  { store }: Pick<EngineDependencies, 'store'>,
): Promise<readonly string[]> {
  const undone = await store.operations.byId(data['undoes'] as OperationId);
  const rollback = operationId === null ? undefined : await store.operations.byId(operationId);
  if (undone === undefined || rollback === undefined) return [];
  const plan = await recordedPlan({ store }, rollback);
  const steps = plan === undefined ? [] : renderPlan(plan, await estimateFromHistory(plan, store.operations));
  return [
    '',
    `The ${undone.kind} failed: ${undone.outcome ?? ''}`,
    `Operation ${rollback.id} rolls back what operation ${undone.id} changed (--no-rollback keeps it):`,
    ...steps,
    '',
  ];
}
