import { digestOf } from '../../cookbook/canonical-json.js';
import type { NodeName } from '../../errors/ids.js';
import type { Plan, Step } from '../../plan/plan.js';
import { PLAN_FORMAT_VERSION, summarizeSteps, type OperationKind } from '../../plan/plan.js';
import type { KeyFilter } from '../../plan/cluster-view.js';
import type { Desired, Observed } from '../../plan/desired.js';
import { planAuthorityRotation } from '../../plan/plan-authority-rotation.js';
import { planBackup } from '../../plan/plan-backup.js';
import { planCluster } from '../../plan/plan-cluster.js';
import { planRestoration } from '../../plan/plan-restoration.js';
import { planVerification } from '../../plan/plan-verification.js';
import type { EngineDependencies } from '../context.js';
import { BASE_ROLE, desiredState, knownFacts, type KnownFacts } from '../desired-state.js';
import { observe, type ObserveDepth } from '../observe.js';
import type { ClusterRecord } from '../ports/store.js';
import type { Workspace } from '../workspace.js';
import type { Rotation } from './change-request.js';

/** What a plan is for. */
export interface PlanOrder {
  readonly operation: OperationKind;
  readonly publish: boolean;
  readonly canResize?: boolean;
  readonly force?: KeyFilter;
  readonly restart?: KeyFilter;
  readonly replace?: ReadonlyMap<NodeName, string>;
  readonly leaveAlone?: ReadonlySet<NodeName>;
  readonly roused?: ReadonlySet<NodeName>;
  readonly reasonOf?: (node: NodeName, key: string) => string | null;
  readonly owedAcceptance?: ReadonlySet<string>;
  readonly isRecordOutdated?: boolean;
  readonly rotate?: Rotation | null;
  /** Roles whose data is taken or put back. */
  readonly data?: readonly string[];
}

/** Plans what turns the cluster, as observed now, into what its pins ask for. */
export async function planFromPins(order: PlanOrder, cluster: ClusterRecord, given: LookParts): Promise<Plan> {
  return assemblePlan(order, cluster.name, await lookAtBoth(cluster, given));
}

/** What it takes to see both states. */
export interface LookParts {
  readonly deps: EngineDependencies;
  readonly workspace: Workspace;
  readonly depth?: ObserveDepth;
}

/** What is desired and what is observed. */
export interface BothStates {
  readonly desired: Desired;
  readonly observed: Observed;
}

/** Says what a workspace asks for, with what is known now. */
export type Desire = (workspace: Workspace, facts: KnownFacts) => Promise<Desired>;

/** What the pins ask for, and what is there. */
export async function lookAtBoth(
  cluster: ClusterRecord,
  { deps, workspace, depth = 'inventory' }: LookParts,
  desire: Desire = desiredState,
): Promise<BothStates> {
  const desired = await desire(workspace, await knownFacts(deps, cluster, workspace));
  return { desired, observed: await observe(deps, cluster, { depth, nodes: workspace.records }) };
}

/** A plan from what is desired and what is observed. Pure. */
export function assemblePlan(order: PlanOrder, clusterName: string, given: BothStates): Plan {
  const { desired, observed } = given;
  const { operation, rotate, ...options } = order;
  const steps = plannerOf(order)(desired, observed, {
    baseRole: BASE_ROLE,
    ...options,
    ...(rotate === 'nodes' ? { certificates: 'issue' } : {}),
    ...(rotate === 'trust' ? { certificates: 'trust' } : {}),
  });
  return toPlan(operation, clusterName, { steps, observed });
}

function plannerOf({ operation, rotate }: PlanOrder): typeof planCluster {
  if (operation === 'verify') return planVerification;
  if (operation === 'backup') return planBackup;
  if (operation === 'restore') return planRestoration;
  return rotate === 'authority' ? planAuthorityRotation : planCluster;
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
