import type { OperationId } from '../../errors/ids.js';
import { findLostServices } from '../../plan/find-lost-services.js';
import type { Plan } from '../../plan/plan.js';
import { announcePlan } from '../announce.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { EngineDependencies } from '../context.js';
import type { JournalData } from '../journal.js';
import type { ClusterRecord, OperationRecord, StoreTables } from '../ports/store.js';
import type { StepsResult } from '../run-steps.js';
import { finishOperation } from './finish-operation.js';
import { judgeError, judgeSteps, type OperationVerdict } from './judge-operation.js';
import type { OperationEnding, OperationRun } from './operation-run.js';

/**
 * Does an operation's work and records how it ended, whatever happens: only an operation that lost its cluster is left to
 * whoever took it over.
 *
 * @throws the first root cause
 */
export async function conductOperation(
  run: OperationRun,
  ending: OperationEnding,
  work: () => Promise<StepsResult>,
): Promise<void> {
  const verdict = await judgeWork(run, work);
  const { state, error } = verdict;
  const aftermath = state === 'failed' && error !== undefined ? await ending.afterFailure?.(error) : undefined;
  if (state !== 'lost') await finishOperation(run, verdict, { ...ending, alsoFailed: aftermath?.also });
  if (error !== undefined) throw aftermath?.error ?? error;
}

async function judgeWork(run: OperationRun, work: () => Promise<StepsResult>): Promise<OperationVerdict> {
  try {
    return judgeSteps(run, await work());
  } catch (error) {
    return judgeError(run, error);
  }
}

/** A new operation on a cluster, running. */
export function newOperation(
  deps: EngineDependencies,
  given: { readonly cluster: ClusterRecord; readonly kind: string; readonly request: JournalData },
): OperationRecord {
  return {
    id: deps.clock.newId() as OperationId,
    clusterId: given.cluster.id,
    clusterName: given.cluster.name,
    kind: given.kind,
    state: 'running',
    startedAt: deps.clock.now(),
    endedAt: null,
    ...deps.who,
    request: given.request,
    plan: null,
    outcome: null,
    cancelAsked: false,
  };
}

/** Reads the plan that an operation recorded; undefined where it has none yet. */
export async function recordedPlan(
  deps: Pick<EngineDependencies, 'store'>,
  operation: OperationRecord,
): Promise<Plan | undefined> {
  if (operation.plan === null) return undefined;
  return JSON.parse((await deps.store.blobs.get(operation.plan)).toString('utf8')) as Plan;
}

/**
 * Stores a plan with its operation, so that what was planned is what runs and what every resume goes on with. Services
 * that it founds anew have no members from then on: those of the old one must not enter the files of the new one.
 */
export async function recordPlan(run: OperationRun, plan: Plan): Promise<void> {
  await changeAsHolder(run, async (tables) => {
    const digest = await tables.blobs.put(Buffer.from(JSON.stringify(plan)));
    await tables.operations.update(run.operation.id, { plan: digest });
    await endLostServices(plan, run.cluster, tables);
  });
  run.deps.faults.reach({ kind: `plan-${run.operation.kind}` }, 'recorded');
}

async function endLostServices(plan: Plan, cluster: ClusterRecord, tables: StoreTables): Promise<void> {
  const nodes = await tables.nodes.listNodes(cluster.id);
  const lost = findLostServices(plan.steps, nodes);
  for (const node of nodes) {
    const memberOf = node.memberOf.filter((role) => !lost.includes(role));
    if (memberOf.length < node.memberOf.length) await tables.nodes.putNode({ ...node, memberOf });
  }
}

/** Tells people which steps are to come. */
export async function announceSteps(run: OperationRun, steps: Plan['steps']): Promise<void> {
  await announcePlan(run.deps, { clusterId: run.cluster.id, operationId: run.operation.id }, steps);
}
