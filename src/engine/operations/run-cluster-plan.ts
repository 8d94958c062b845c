import { setMaxListeners } from 'node:events';
import type { StepId } from '../../errors/ids.js';
import { flattenSteps, type Plan, type Step } from '../../plan/plan.js';
import { announceStep } from '../announce.js';
import type { ClusterContext } from '../context.js';
import { HomeServices } from '../home-services.js';
import { Journal } from '../journal.js';
import { openLinks } from '../open-links.js';
import { runSteps, type StepOutcome, type StepsResult } from '../run-steps.js';
import { announceSteps } from './run-operation.js';
import type { OperationRun } from './operation-run.js';

/** Opens the context of an operation for `work`, and closes its links whatever happens. */
export async function withContext<Result>(
  run: OperationRun,
  work: (context: ClusterContext) => Promise<Result>,
): Promise<Result> {
  const { deps, cluster, operation, lease, stop } = run;
  const { operations } = deps.store;
  const past = await operations.journal(operation.id);
  const journal = new Journal(
    { ...deps, operationId: operation.id, epoch: lease.epoch, operations, guard: lease.guard },
    past,
  );
  const signal = AbortSignal.any([stop.abort, lease.lost]);
  // Every run and wait listens to it, on each of hundreds of nodes.
  setMaxListeners(0, signal);
  const home = new HomeServices(deps, lease.guard);
  const links = await openLinks(deps, cluster);
  try {
    const stopStarting = AbortSignal.any([stop.stopStarting, lease.cancelled]);
    setMaxListeners(0, stopStarting);
    return await work({ deps, cluster, operation, lease, journal, links, home, signal, stopStarting });
  } finally {
    await links.closeAll();
  }
}

/** Runs a plan's steps with a performer, telling people about each. */
export async function runPlan<Context extends ClusterContext>(
  plan: Plan,
  context: Context,
  given: {
    readonly run: OperationRun;
    readonly perform: (step: Step, context: Context) => Promise<StepOutcome>;
    readonly repeat?: ReadonlySet<StepId>;
  },
): Promise<StepsResult> {
  const { run, perform, repeat = new Set() } = given;
  const { limits } = context.deps;
  await announceSteps(
    run,
    flattenSteps(plan.steps).filter((step) => repeat.has(step.id) || !hasEndedWell(context.journal, step)),
  );
  return runSteps(plan.steps, {
    journal: context.journal,
    perform: (step) => perform(step, context),
    listen: () => context.lease.listen(),
    stopStarting: AbortSignal.any([context.stopStarting, context.signal]),
    abort: context.signal,
    repeat,
    limits: {
      machine: limits.machinesAtOnce,
      destroy: limits.machinesAtOnce,
      packages: limits.convergesAtOnce,
      converge: limits.convergesAtOnce,
      backup: limits.convergesAtOnce,
      restore: limits.convergesAtOnce,
    },
    onState: (step, state, detail) =>
      announceStep(run.deps, { clusterId: run.cluster.id, operationId: run.operation.id }, { step, state, detail }),
  });
}

function hasEndedWell(journal: Journal, step: Step): boolean {
  const { state } = journal.history(step.id);
  return state === 'done' || state === 'unchanged';
}
