import { digestOf } from '../../cookbook/canonical-json.js';
import type { Plan, Step } from '../../plan/plan.js';
import { PLAN_FORMAT_VERSION, summarizeSteps, type OperationKind } from '../../plan/plan.js';
import { planCluster, type Desired, type ForceFilter, type Observed } from '../../plan/plan-cluster.js';
import type { EngineDependencies } from '../context.js';
import { BASE_ROLE, desiredState, knownFacts, observeInventory } from '../desired-state.js';
import type { ClusterRecord } from '../ports/store.js';
import type { Workspace } from '../workspace.js';

/** What a plan is for. */
export interface PlanOrder {
  readonly operation: OperationKind;
  readonly publish: boolean;
  readonly force?: ForceFilter;
}

/** Plans what turns the cluster, as observed now, into what its pins ask for. */
export async function planFromPins(
  order: PlanOrder,
  cluster: ClusterRecord,
  given: { readonly deps: EngineDependencies; readonly workspace: Workspace },
): Promise<Plan> {
  const { deps, workspace } = given;
  const facts = await knownFacts(deps, cluster, workspace);
  const desired = await desiredState(workspace, facts);
  const observed = await observeInventory(deps, cluster);
  return assemblePlan(order, cluster.name, { desired, observed });
}

/** A plan from what is desired and what is observed. Pure. */
export function assemblePlan(
  order: PlanOrder,
  clusterName: string,
  given: { readonly desired: Desired; readonly observed: Observed },
): Plan {
  const { desired, observed } = given;
  const steps = planCluster(desired, observed, {
    baseRole: BASE_ROLE,
    publish: order.publish,
    ...(order.force === undefined ? {} : { force: order.force }),
  });
  return toPlan(order.operation, clusterName, { steps, observed });
}

/** A plan around steps. */
export function toPlan(
  operation: OperationKind,
  cluster: string,
  given: { readonly steps: readonly Step[]; readonly observed: Observed },
): Plan {
  return {
    formatVersion: PLAN_FORMAT_VERSION,
    operation,
    cluster,
    base: digestOf(given.observed),
    steps: given.steps,
    summary: summarizeSteps(given.steps),
  };
}
