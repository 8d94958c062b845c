import { flattenSteps, type Plan } from '../../plan/plan.js';
import type { EngineDependencies } from '../context.js';
import { foldJournal } from '../journal.js';
import type { ClusterRecord, OperationRecord } from '../ports/store.js';
import { recordedPlan } from './run-operation.js';

/**
 * Roles whose acceptance test was to run in an operation that did not end well, and has not passed since: whatever else is to
 * be done, a cluster counts as running only once it has.
 */
export async function owedAcceptance(
  deps: Pick<EngineDependencies, 'store'>,
  cluster: Pick<ClusterRecord, 'id'>,
): Promise<ReadonlySet<string>> {
  const verdicts = new Map<string, 'owed' | 'passed'>();
  for (const operation of await deps.store.operations.list(cluster.id)) {
    // A backup asks for nothing to be accepted.
    if (operation.kind === 'backup') continue;
    // What ended well owed nothing to those before it.
    if (operation.state === 'succeeded') break;
    for (const [role, verdict] of await verdictsOf(operation, deps)) {
      if (!verdicts.has(role)) verdicts.set(role, verdict);
    }
  }
  return new Set([...verdicts].filter(([, verdict]) => verdict === 'owed').map(([role]) => role));
}

async function verdictsOf(
  operation: OperationRecord,
  deps: Pick<EngineDependencies, 'store'>,
): Promise<ReadonlyMap<string, 'owed' | 'passed'>> {
  const accepts = acceptSteps(await recordedPlan(deps, operation));
  if (accepts.length === 0) return new Map();
  const histories = foldJournal(await deps.store.operations.journal(operation.id));
  const isPassed = (role: string): boolean =>
    accepts.every((step) => step.role !== role || histories.get(step.id)?.state === 'done');
  return new Map(accepts.map(({ role }) => [role, isPassed(role) ? 'passed' : 'owed']));
}

function acceptSteps(plan: Plan | undefined) {
  return flattenSteps(plan?.steps ?? []).filter((step) => step.kind === 'accept');
}
