import type { OperationId } from '../../errors/ids.js';
import type { ChangeKind, Plan } from '../../plan/plan.js';
import { emitEvent } from '../context.js';
import { interruptDeadPrepares } from '../interrupt-dead-prepares.js';
import { openWorkspace } from '../open-workspace.js';
import { performStep } from '../perform-step.js';
import { readPins } from '../pins.js';
import type { ClusterRecord, ClusterState } from '../ports/store.js';
import { prepareHome } from '../prepare.js';
import type { StepsResult } from '../run-steps.js';
import { aftermathOf } from './aftermath-of-change.js';
import { beginOperation } from './begin-operation.js';
import type { ChangeOrder } from './change-request.js';
import { fenceNodes } from './fence-nodes.js';
import { lostSteps } from './lost-steps.js';
import type { Aftermath, OperationEnding, OperationRun } from './operation-run.js';
import { pinPrepared } from './pin-prepared.js';
import { planChange } from './plan-change.js';
import { runPlan, withContext } from './run-cluster-plan.js';
import { conductOperation, recordedPlan, recordPlan } from './run-operation.js';

/** Runs a change, new or begun before, to its own end; a rollback that is to follow is recorded with that. */
export function performChange(run: OperationRun): Promise<void> {
  const kind = run.operation.kind as ChangeKind;
  return conductOperation(run, endingOf(run), async () => {
    await beginOperation(run, stateDuring(kind) ?? run.cluster.state);
    await run.deps.provider.network?.ensureNetwork(run.lease.guard);
    const known = await recordedPlan(run.deps, run.operation);
    const ready = known === undefined ? await prepareAnew(run) : run.cluster;
    return runChange({ ...run, cluster: ready }, kind, known);
  });
}

async function runChange(run: OperationRun, kind: ChangeKind, known: Plan | undefined): Promise<StepsResult> {
  const { deps, cluster } = run;
  const workspace = await openWorkspace(deps, cluster);
  const order = orderOf(run);
  const plan = known ?? (await planChange(kind, order, { cluster, deps, workspace }));
  return withContext(run, async (base) => {
    await fenceNodes(plan, base);
    if (known === undefined) await recordPlan(run, plan);
    if (known === undefined && order.undoes !== undefined) await announceRollback(run, order.undoes);
    return runPlan(plan, { ...base, workspace }, { run, perform: performStep, repeat: await lostSteps(plan, base) });
  });
}

/** An older bde wrote no secrets down: it changed them by way of specs alone. */
function orderOf({ operation }: OperationRun): ChangeOrder {
  const { secrets = [], ...order } = operation.request as unknown as Partial<ChangeOrder> &
    Omit<ChangeOrder, 'secrets'>;
  return { secrets, ...order };
}

/** Tells people that what comes now follows by itself, and from what. */
async function announceRollback({ deps, cluster, operation }: OperationRun, undoes: OperationId): Promise<void> {
  await emitEvent(deps, {
    kind: 'rollback',
    clusterId: cluster.id,
    operationId: operation.id,
    text: `rollback of ${cluster.name}: goes back to what was before operation ${undoes}`,
    data: { undoes },
  });
}

/** Package repos are looked after where the change asks for that; their locks are pinned for this cluster alone. */
async function prepareAnew(run: OperationRun): Promise<ClusterRecord> {
  const { deps, cluster, operation, lease, stop } = run;
  if (!orderOf(run).prepare) return cluster;
  await interruptDeadPrepares(deps, operation);
  const { distro } = await readPins(deps.store.blobs, cluster.pins);
  const prepared = await prepareHome(
    { repos: distro.repos, rehearsal: cluster.rehearsal },
    { deps, guard: lease.guard, stop, lost: lease.lost, operation },
  );
  return pinPrepared(run, prepared);
}

/** Null for what only looks. */
function stateDuring(kind: ChangeKind): ClusterState | null {
  if (kind === 'verify' || kind === 'backup') return null;
  if (kind === 'stop') return 'STOPPING';
  return kind === 'start' ? 'STARTING' : 'UPDATING';
}

/** Nodes that leave count no longer: whether one is left that is to run is known at the end. */
function endingOf(run: OperationRun): OperationEnding {
  const { cluster } = run;
  const order = orderOf(run);
  // A backup leaves a cluster as it is, and tells nothing of it where it fails.
  if (run.operation.kind === 'backup') return { succeeded: null, failed: cluster.state };
  const afterFailure = (error: Error): Promise<Aftermath> => aftermathOf(run, order, error);
  if ((order.leaveAlone ?? []).length > 0) return { succeeded: 'DEGRADED', failed: 'DEGRADED', afterFailure };
  return {
    succeeded: null,
    failed: 'DEGRADED',
    also: async ({ nodes, clusters }) => {
      const isOff = (await nodes.listNodes(cluster.id)).every(({ power }) => power === 'off');
      await clusters.update(cluster.id, { state: isOff ? 'STOPPED' : 'RUNNING' });
    },
    afterFailure,
  };
}
