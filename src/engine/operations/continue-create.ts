import type { StepId } from '../../errors/ids.js';
import type { Plan, Step } from '../../plan/plan.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { OperationContext } from '../context.js';
import { interruptDeadPrepares } from '../interrupt-dead-prepares.js';
import { openWorkspace } from '../open-workspace.js';
import { performStep } from '../perform-step.js';
import { readPins } from '../pins.js';
import { prepareHome } from '../prepare.js';
import type { StepOutcome, StepsResult } from '../run-steps.js';
import { beginOperation } from './begin-operation.js';
import { planFromPins } from './converge-plan.js';
import { fenceNodes } from './fence-nodes.js';
import { lostSteps } from './lost-steps.js';
import type { OperationRun } from './operation-run.js';
import { pinPrepared } from './pin-prepared.js';
import { runPlan, withContext } from './run-cluster-plan.js';
import { conductOperation, recordedPlan, recordPlan } from './run-operation.js';

/** Runs a create, new or begun before, to its end. */
export function continueCreate(run: OperationRun): Promise<void> {
  return conductOperation(run, { succeeded: 'RUNNING', failed: 'FAILED' }, async () => {
    await beginOperation(run, 'PROVISIONING');
    await interruptDeadPrepares(run.deps, run.operation);
    const known = await recordedPlan(run.deps, run.operation);
    return known === undefined ? planAndRun(run) : runRecorded(run, known);
  });
}

async function planAndRun(run: OperationRun): Promise<StepsResult> {
  const { deps, stop, lease } = run;
  const { distro } = await readPins(deps.store.blobs, run.cluster.pins);
  const prepared = await prepareHome(
    { repos: distro.repos, rehearsal: run.cluster.rehearsal },
    { deps, guard: lease.guard, stop, lost: lease.lost, operation: run.operation },
  );
  const planned = { ...run, cluster: await pinPrepared(run, prepared) };
  const workspace = await openWorkspace(deps, planned.cluster);
  const publish = prepared.locks.length > 0;
  const plan = await planFromPins({ operation: 'create', publish }, planned.cluster, { deps, workspace });
  await recordPlan(planned, plan);
  return withContext(planned, (context) => runCreate(plan, { ...context, workspace }, { run: planned }));
}

/** What machines and network need is looked after first: the host may have been started anew since. */
async function runRecorded(run: OperationRun, plan: Plan): Promise<StepsResult> {
  const { deps, cluster, lease } = run;
  await deps.provider.network?.ensureNetwork(lease.guard);
  const workspace = await openWorkspace(deps, cluster);
  return withContext(run, async (base) => {
    const context = { ...base, workspace };
    await fenceNodes(plan, context);
    return runCreate(plan, context, { run, repeat: await lostSteps(plan, context) });
  });
}

function runCreate(
  plan: Plan,
  context: OperationContext,
  given: { readonly run: OperationRun; readonly repeat?: ReadonlySet<StepId> },
): Promise<StepsResult> {
  return runPlan(plan, context, { ...given, perform: performAndTell() });
}

/** The cluster converges from the first step on that runs something on a node. */
function performAndTell(): (step: Step, context: OperationContext) => Promise<StepOutcome> {
  let isConverging = false;
  return async (step, context) => {
    if (!isConverging && (step.kind === 'packages' || step.kind === 'converge')) {
      isConverging = true;
      await changeAsHolder(context, (tables) => tables.clusters.update(context.cluster.id, { state: 'CONVERGING' }));
    }
    return performStep(step, context);
  };
}
