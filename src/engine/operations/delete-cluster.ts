import { isBdeError, type BdeError } from '../../errors/bde-error.js';
import { stepId, type DestroyStep, type Plan, type Step } from '../../plan/plan.js';
import type { Observed } from '../../plan/desired.js';
import { emitEvent, type ClusterContext, type EngineDependencies, type StopSignals } from '../context.js';
import { observeInventory } from '../observe.js';
import type { ClusterRecord, StoreTables } from '../ports/store.js';
import type { StepOutcome, StepsResult } from '../run-steps.js';
import { sweepBlobs } from '../sweep-blobs.js';
import { performDestroyStep } from '../steps/destroy.js';
import { performWithdrawStep } from '../steps/withdraw.js';
import { toPlan } from './converge-plan.js';
import { refuseProtected } from './guard-change.js';
import { describeLeftover, findLeftovers, notWhole } from './find-leftovers.js';
import { beginOperation } from './begin-operation.js';
import { holdCluster } from './hold-cluster.js';
import { runPlan, withContext } from './run-cluster-plan.js';
import { conductOperation, newOperation, recordedPlan, recordPlan } from './run-operation.js';
import type { OperationRun } from './operation-run.js';

/** How a delete is to go about. */
export interface DeleteOrder {
  /** Forget the cluster though something of it cannot be removed. */
  readonly abandon: boolean;
}

/**
 * What deleting a cluster would do: every machine that the provider lists or the store knows goes, then the cluster leaves
 * the mirror. A provider that cannot say what it has is taken at the store's word; what it has is asked again at the end.
 */
export async function planDelete(deps: EngineDependencies, cluster: ClusterRecord): Promise<Plan> {
  refuseProtected(cluster, 'deleting it');
  const observed = await observeWhatIsLeft(deps, cluster);
  return toPlan('delete', cluster.name, { steps: deleteSteps(observed), observed });
}

async function observeWhatIsLeft(deps: EngineDependencies, cluster: ClusterRecord): Promise<Observed> {
  try {
    return await observeInventory(deps, cluster);
  } catch (error) {
    if (!isBdeError(error)) throw error;
    return observeInventory(deps, cluster, { depth: 'none' });
  }
}

function deleteSteps(observed: Observed): readonly Step[] {
  const destroys = observed.machines.map((machine): DestroyStep => ({
    kind: 'destroy',
    id: stepId('destroy', `${machine.node}#${String(machine.generation)}`),
    node: machine.node,
    generation: machine.generation,
    machineId: machine.machineId,
    after: [],
    why: machine.state === 'absent' ? 'it is gone; what may be left of it goes too' : 'the cluster is deleted',
  }));
  const withdraw: Step = {
    kind: 'withdraw',
    id: stepId('withdraw'),
    after: destroys.map((step) => step.id),
    why: 'the cluster is deleted',
  };
  return [...destroys, withdraw];
}

/**
 * Records a delete and runs it to its end. Works from every state of the cluster, and always ends: with nothing left, or with
 * a list of what is.
 *
 * @throws BdeError `PROVIDER_FAILED` with what is left in `failures` and `data.left`
 */
export async function deleteCluster(
  deps: EngineDependencies,
  cluster: ClusterRecord,
  { abandon = false, ...stop }: StopSignals & Partial<DeleteOrder>,
): Promise<void> {
  await holdCluster(deps, cluster, async (lease, held) => {
    refuseProtected(held, 'deleting it');
    const operation = newOperation(deps, { cluster: held, kind: 'delete', request: { abandon } });
    await deps.store.operations.insert(operation);
    deps.faults.reach({ kind: 'begin-delete' }, 'recorded');
    await continueDelete({ deps, cluster: held, operation, lease, stop });
  });
}

/**
 * Runs a delete, new or begun before, to its end. Nodes are not fenced after a take-over: what a run of the former holder
 * still does there goes with the machine.
 */
export async function continueDelete(run: OperationRun): Promise<void> {
  const { deps, cluster } = run;
  const forget = (tables: StoreTables): Promise<void> => tables.clusters.remove(cluster.id);
  await conductOperation(run, { succeeded: null, failed: 'DELETING', also: forget }, async () => {
    await beginOperation(run, 'DELETING');
    const known = await recordedPlan(deps, run.operation);
    const plan = known ?? (await planDelete(deps, cluster));
    if (known === undefined) await recordPlan(run, plan);
    return withContext(run, async (context) => {
      const abandoned: StepFailure[] = [];
      const { abandon } = run.operation.request as Partial<DeleteOrder>;
      const perform = abandon === true ? leavingWhatFails(abandoned) : performDeleteStep;
      const result = await runPlan(plan, context, { run, perform });
      const failures = [...result.failures, ...abandoned];
      if (isAboutTheWorld(result)) await lookForLeftovers(plan, { failures, isAbandoning: abandon === true }, context);
      return result;
    });
  });
  await sweepBlobs(deps);
}

type StepFailure = StepsResult['failures'][number];

function performDeleteStep(step: Step, context: ClusterContext): Promise<StepOutcome> {
  if (step.kind === 'destroy') return performDestroyStep(step, context);
  if (step.kind === 'withdraw') return performWithdrawStep(step, context);
  throw new TypeError(`a delete plan holds a ${step.kind} step`);
}

/** Performs what it can; what fails is put into the list, and the delete goes on without it. */
function leavingWhatFails(abandoned: StepFailure[]): typeof performDeleteStep {
  return async (step, context) => {
    try {
      return await performDeleteStep(step, context);
    } catch (error) {
      if (!isOfTheWorld(error) || context.signal.aborted) throw error;
      abandoned.push({ step, error });
      return { state: 'done', detail: { left: error.message } };
    }
  };
}

/** Neither stopped nor lost to another controller, and nothing of it is a bug. */
function isAboutTheWorld({ stoppedBy, failures }: StepsResult): boolean {
  return stoppedBy === null && failures.every(({ error }) => isOfTheWorld(error));
}

function isOfTheWorld(error: unknown): error is BdeError {
  return isBdeError(error) && error.code !== 'LEASE_LOST';
}

/**
 * Proves that nothing is left, or lists what is: as an error, or, where the cluster is given up all the same, as warnings.
 *
 * @throws BdeError `PROVIDER_FAILED`
 */
async function lookForLeftovers(
  plan: Plan,
  given: { readonly failures: readonly StepFailure[]; readonly isAbandoning: boolean },
  context: ClusterContext,
): Promise<void> {
  const { failures, isAbandoning } = given;
  try {
    const left = await findLeftovers(plan, { failures }, context);
    if (left.length > 0 && !isAbandoning) throw notWhole(context.cluster.name, left, { failures });
    const texts = [...left.map(describeLeftover), ...failures.flatMap(describeOther)];
    for (const text of texts) await warn(text, context);
  } catch (error) {
    if (!isAbandoning || !isOfTheWorld(error)) throw error;
    await warn(`it cannot be said what is left: ${error.message}`, context);
  }
}

/** What failed beside the machines: mirror and network of the home. */
function describeOther({ step, error }: StepFailure): readonly string[] {
  return step.kind === 'destroy' || !isBdeError(error) ? [] : [`${step.id} failed: ${error.message}`];
}

async function warn(text: string, { deps, cluster, operation }: ClusterContext): Promise<void> {
  await emitEvent(deps, { kind: 'warning', clusterId: cluster.id, operationId: operation.id, text });
}
