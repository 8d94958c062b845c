import type { Plan } from '../../plan/plan.js';
import type { KeyFilter } from '../../plan/cluster-view.js';
import { BdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import type { EngineDependencies, StopSignals } from '../context.js';
import { openWorkspace } from '../open-workspace.js';
import { performStep } from '../perform-step.js';
import type { ClusterRecord } from '../ports/store.js';
import type { StepsResult } from '../run-steps.js';
import { beginOperation } from './begin-operation.js';
import { assemblePlan, lookAtBoth, type BothStates } from './converge-plan.js';
import { fenceNodes } from './fence-nodes.js';
import { holdCluster } from './hold-cluster.js';
import { lostSteps } from './lost-steps.js';
import { owedAcceptance } from './owed-acceptance.js';
import { runPlan, withContext } from './run-cluster-plan.js';
import { conductOperation, newOperation, recordedPlan, recordPlan } from './run-operation.js';
import type { OperationRun } from './operation-run.js';
import { checkSelection, selects, type ConvergeSelection } from './selection.js';

/** Runs the selected scripts again, whatever the recorded digests say, from the cluster's own pins. */
export async function convergeCluster(
  selection: ConvergeSelection,
  cluster: ClusterRecord,
  given: { readonly deps: EngineDependencies; readonly stop: StopSignals },
): Promise<void> {
  const { deps, stop } = given;
  await holdCluster(deps, cluster, async (lease, held) => {
    const plan = await planConverge(selection, held, deps);
    const operation = newOperation(deps, { cluster: held, kind: 'converge', request: { ...selection } });
    await deps.store.operations.insert(operation);
    deps.faults.reach({ kind: 'begin-converge' }, 'recorded');
    await continueConverge({ deps, cluster: held, operation, lease, stop }, plan);
  });
}

/**
 * What converging the selection would do.
 *
 * @throws BdeError `UNKNOWN_NODE`, `USAGE`, `PREFLIGHT_FAILED`; `GUARD_REFUSED` where a machine would have to be another one
 */
export async function planConverge(
  selection: ConvergeSelection,
  cluster: ClusterRecord,
  deps: EngineDependencies,
): Promise<Plan> {
  refuseDeleting(cluster);
  await refuseStopped(cluster, deps);
  const workspace = await openWorkspace(deps, cluster);
  checkSelection(selection, workspace.resolved);
  const force: KeyFilter = (node, key) => selects(selection, workspace.resolvedNode(node), key);
  const order = {
    operation: 'converge' as const,
    publish: workspace.prepared.locks.length > 0,
    canResize: deps.provider.resizer !== undefined,
    force,
    owedAcceptance: await owedAcceptance(deps, cluster),
  };
  const states = await lookAtBoth(cluster, { deps, workspace });
  const plan = assemblePlan(order, cluster.name, states);
  refuseOtherMachines(plan, states);
  return plan;
}

/** Recipes run again: a machine that is there, and what is on it, is not lost by that. */
function refuseOtherMachines({ steps, cluster }: Plan, { observed }: BothStates): void {
  const isThere = (name: NodeName): boolean =>
    observed.machines.some(
      ({ node, current, state }) => node === name && current && (state === 'on' || state === 'off'),
    );
  const lost = steps.find((step) => step.kind === 'machine' && !step.start && isThere(step.node));
  if (lost?.kind !== 'machine') return;
  const { node, why } = lost;
  throw new BdeError('GUARD_REFUSED', `A converge runs recipes alone; ${node} needs another machine: ${why}.`, {
    subject: { cluster, node },
    hint: `Have it made anew by the change that asks for that: bde cluster apply ${cluster} --spec FILE --plan.`,
  });
}

/** Runs a converge, new or begun before, to its end; `planned` where nothing of it is recorded yet. */
export function continueConverge(run: OperationRun, planned?: Plan): Promise<void> {
  return conductOperation(run, { succeeded: 'RUNNING', failed: 'DEGRADED' }, async () => {
    const { deps, cluster, lease } = run;
    await beginOperation(run, 'CONVERGING');
    await deps.provider.network?.ensureNetwork(lease.guard);
    const known = await recordedPlan(deps, run.operation);
    const plan = known ?? planned ?? (await planConverge(run.operation.request, cluster, deps));
    return withContext(run, async (base): Promise<StepsResult> => {
      await fenceNodes(plan, base);
      if (known === undefined) await recordPlan(run, plan);
      const context = { ...base, workspace: await openWorkspace(deps, cluster) };
      return runPlan(plan, context, { run, perform: performStep, repeat: await lostSteps(plan, base) });
    });
  });
}

/** What a stop has begun with counts as well: a converge would call a cluster RUNNING that is to be off. */
async function refuseStopped({ id, name, state }: ClusterRecord, { store }: EngineDependencies): Promise<void> {
  const nodes = await store.nodes.listNodes(id);
  const isStopping = nodes.length > 0 && nodes.every(({ power }) => power === 'off');
  if (state !== 'STOPPED' && !isStopping) return;
  throw new BdeError('PREFLIGHT_FAILED', `The cluster ${name} is stopped: nothing can be run on its nodes.`, {
    subject: { cluster: name },
    hint: `Start it first: bde cluster start ${name}.`,
  });
}

/** A cluster that is being deleted has lost machines, addresses and packages: there is no way back. */
function refuseDeleting({ name, state }: ClusterRecord): void {
  if (state !== 'DELETING') return;
  throw new BdeError('PREFLIGHT_FAILED', `The cluster ${name} is being deleted; it cannot be converged any more.`, {
    subject: { cluster: name },
    hint: `Finish that with bde cluster resume ${name}, then create it anew.`,
  });
}
