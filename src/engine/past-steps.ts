import { estimatePlan, type PastStep, type PlanEstimate } from '../plan/estimate-plan.js';
import type { Plan } from '../plan/plan.js';
import type { OperationTable, StepEntry } from './ports/store.js';

/** So many entries are a few operations on a large cluster, and dozens on a small one. */
const ENTRIES = 5_000;

/** How long a plan is expected to take, from what the journals of this store say of steps like its own. */
export async function estimateFromHistory(
  { steps }: Pick<Plan, 'steps'>,
  operations: Pick<OperationTable, 'recentSteps'>,
): Promise<PlanEstimate> {
  return estimatePlan(steps, pastSteps(await operations.recentSteps(ENTRIES)));
}

/** Steps that ended well, in the order of their ends, from entries in the order of writing. One that was resumed counts from there. */
export function pastSteps(entries: readonly StepEntry[]): readonly PastStep[] {
  const begun = new Map<string, number>();
  return entries.flatMap(({ operationId, stepId, state, at }): readonly PastStep[] => {
    const key = `${operationId} ${stepId}`;
    const beganAt = begun.get(key);
    if (state === 'running') begun.set(key, at);
    else begun.delete(key);
    if (beganAt === undefined || (state !== 'done' && state !== 'unchanged')) return [];
    return [{ stepId, durationMs: Math.max(0, at - beganAt), didWork: state === 'done' }];
  });
}
