import type { NodeName } from '../../errors/ids.js';
import { flattenSteps } from '../../plan/plan.js';
import { foldJournal } from '../journal.js';
import type { OperationRun } from './operation-run.js';
import { recordedPlan } from './run-operation.js';

/** The nodes on which an operation changed something, in the order of its plan. */
export async function changedNodes({
  deps,
  operation,
}: Pick<OperationRun, 'deps' | 'operation'>): Promise<readonly NodeName[]> {
  const stored = await deps.store.operations.byId(operation.id);
  const plan = stored === undefined ? undefined : await recordedPlan(deps, stored);
  const histories = foldJournal(await deps.store.operations.journal(operation.id));
  const changed = flattenSteps(plan?.steps ?? []).flatMap((step) => {
    const isDone = histories.get(step.id)?.state === 'done';
    return isDone && (step.kind === 'converge' || step.kind === 'packages' || step.kind === 'resize')
      ? [step.node]
      : [];
  });
  return [...new Set(changed)];
}
