import { BdeError } from '../../errors/bde-error.js';
import { stepId, type DestroyStep, type Plan, type Step } from '../../plan/plan.js';
import type { Observed } from '../../plan/desired.js';
import type { ClusterContext, EngineDependencies, StopSignals } from '../context.js';
import { observeInventory } from '../observe.js';
import type { ClusterRecord, StoreTables } from '../ports/store.js';
import type { StepOutcome } from '../run-steps.js';
import { sweepBlobs } from '../sweep-blobs.js';
import { performDestroyStep } from '../steps/destroy.js';
import { performWithdrawStep } from '../steps/withdraw.js';
import { toPlan } from './converge-plan.js';
import { refuseProtected } from './guard-change.js';
import { beginOperation } from './begin-operation.js';
import { holdCluster } from './hold-cluster.js';
import { runPlan, withContext } from './run-cluster-plan.js';
import { conductOperation, newOperation, recordedPlan, recordPlan } from './run-operation.js';
import type { OperationRun } from './operation-run.js';

/** What deleting a cluster would do: every machine that the provider lists goes, then the cluster leaves the mirror. */
export async function planDelete(deps: EngineDependencies, cluster: ClusterRecord): Promise<Plan> {
  refuseProtected(cluster, 'deleting it');
  const observed = await observeInventory(deps, cluster);
  return toPlan('delete', cluster.name, { steps: deleteSteps(observed), observed });
}

function deleteSteps(observed: Observed): readonly Step[] {
  const there = observed.machines.filter((machine) => machine.state !== 'absent');
  const destroys = there.map((machine): DestroyStep => ({
    kind: 'destroy',
    id: stepId('destroy', `${machine.node}#${String(machine.generation)}`),
    node: machine.node,
    generation: machine.generation,
    machineId: machine.machineId,
    after: [],
    why: 'the cluster is deleted',
  }));
  const withdraw: Step = {
    kind: 'withdraw',
    id: stepId('withdraw'),
    after: destroys.map((step) => step.id),
    why: 'the cluster is deleted',
  };
  return [...destroys, withdraw];
}

/** Records a delete and runs it to its end. Works from every state of the cluster. */
export async function deleteCluster(
  deps: EngineDependencies,
  cluster: ClusterRecord,
  stop: StopSignals,
): Promise<void> {
  await holdCluster(deps, cluster, async (lease, held) => {
    refuseProtected(held, 'deleting it');
    const operation = newOperation(deps, { cluster: held, kind: 'delete', request: {} });
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
      const result = await runPlan(plan, context, { run, perform: performDeleteStep });
      const isDone = result.failures.length === 0 && result.stoppedBy === null;
      if (isDone) await proveNothingIsLeft(context);
      return result;
    });
  });
  await sweepBlobs(deps);
}

function performDeleteStep(step: Step, context: ClusterContext): Promise<StepOutcome> {
  if (step.kind === 'destroy') return performDestroyStep(step, context);
  if (step.kind === 'withdraw') return performWithdrawStep(step, context);
  throw new TypeError(`a delete plan holds a ${step.kind} step`);
}

async function proveNothingIsLeft(context: ClusterContext): Promise<void> {
  const left = await context.deps.provider.provider.list(context.cluster.id);
  if (left.length === 0) return;
  const names = left.map(({ mark, host }) => `${mark.nodeName} (machine ${mark.machineId} on ${host})`).join(', ');
  throw new BdeError('PROVIDER_FAILED', `Machines of ${context.cluster.name} are still there: ${names}.`, {
    subject: { cluster: context.cluster.name },
    hint: `Run bde cluster delete ${context.cluster.name} again; bde doctor --fix removes what belongs to no cluster.`,
  });
}
