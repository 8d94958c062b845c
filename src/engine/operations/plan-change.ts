import type { NodeName } from '../../errors/ids.js';
import type { KeyFilter } from '../../plan/cluster-view.js';
import type { ChangeKind, Plan } from '../../plan/plan.js';
import type { EngineDependencies } from '../context.js';
import { BASE_ROLE } from '../desired-state.js';
import { buildWorkspace } from '../open-workspace.js';
import type { ClusterRecord } from '../ports/store.js';
import type { Workspace } from '../workspace.js';
import type { ChangeOrder, ChangeRequest } from './change-request.js';
import {
  assemblePlan,
  lookAtBoth,
  planFromPins,
  type BothStates,
  type Desire,
  type PlanOrder,
} from './converge-plan.js';
import { contentBeforePrepare, desiredBeforePrepare } from './desired-before-prepare.js';
import { owedAcceptance } from './owed-acceptance.js';
import { changedSecrets, hasOtherPins, type Proposal } from './propose-change.js';
import { secretOptions } from './secret-options.js';
import { matchesSelection } from './selection.js';

/** What of a change decides its plan beside inputs and nodes. */
export type PlannedChange = Pick<
  ChangeOrder,
  'restart' | 'replace' | 'leaveAlone' | 'rotate' | 'data' | 'depth' | 'secrets' | 'isOther' | 'roused'
>;

/** A cluster, seen as a change would have it. */
interface ChangedCluster {
  readonly cluster: ClusterRecord;
  readonly deps: EngineDependencies;
  readonly workspace: Workspace;
}

/** The plan of a change that is only proposed, and the states that it leads from and to. */
export async function planProposal(
  request: ChangeRequest,
  cluster: ClusterRecord,
  given: { readonly proposal: Proposal; readonly deps: EngineDependencies },
): Promise<{ readonly plan: Plan; readonly states: BothStates }> {
  const { proposal, deps } = given;
  const { content, isPreparedAnew, hasOtherRepos } = proposal;
  const seen = isPreparedAnew ? contentBeforePrepare(content, hasOtherRepos) : content;
  const workspace = await proposedWorkspace({ ...proposal, content: seen }, cluster, deps);
  const look = { deps, workspace, depth: request.depth };
  const ahead: Desire = (asked, facts) => desiredBeforePrepare(asked, { facts, hasOtherRepos });
  const states = await lookAtBoth(cluster, look, isPreparedAnew ? ahead : undefined);
  const { roused } = proposal;
  const change = { ...request, secrets: changedSecrets(proposal), isOther: hasOtherPins(proposal), roused };
  const order = await orderOf(request.kind, change, { cluster, deps, workspace });
  return { plan: assemblePlan(order, cluster.name, states), states };
}

/** The workspace of a cluster as a change would have it, before anything of it is recorded. */
export function proposedWorkspace(
  { content, nodes, secrets, unmade }: Proposal,
  cluster: ClusterRecord,
  deps: EngineDependencies,
): Promise<Workspace> {
  const names = new Set(unmade.map(({ name }) => name));
  return buildWorkspace(deps, cluster, { content, nodes, secrets, unmade: names });
}

/** The plan of a change, from a workspace that has what is desired. */
export async function planChange(kind: ChangeKind, change: PlannedChange, given: ChangedCluster): Promise<Plan> {
  const { cluster, deps, workspace } = given;
  return planFromPins(await orderOf(kind, change, given), cluster, { deps, workspace, depth: change.depth });
}

async function orderOf(kind: ChangeKind, change: PlannedChange, given: ChangedCluster): Promise<PlanOrder> {
  const { deps, workspace } = given;
  const restart = restartFilter(change, workspace);
  return {
    operation: kind,
    publish: workspace.prepared.locks.length > 0,
    canResize: deps.provider.resizer !== undefined,
    replace: new Map(Object.entries(change.replace) as [NodeName, string][]),
    // Absent in operations of an older bde.
    leaveAlone: new Set(change.leaveAlone ?? []),
    ...(restart === null ? {} : { restart }),
    ...(change.secrets.length === 0 ? {} : await secretOptions(change.secrets, given)),
    ...(change.isOther === true ? { isRecordOutdated: true } : {}),
    rotate: change.rotate ?? null,
    owedAcceptance: await owedAcceptance(deps, given.cluster),
    data: change.data?.roles ?? [],
    roused: new Set(change.roused ?? []),
  };
}

function restartFilter({ restart }: PlannedChange, workspace: Workspace): KeyFilter | null {
  if (restart === null) return null;
  return (name, role) =>
    matchesSelection(restart, workspace.resolvedNode(name)) &&
    (restart.role === undefined || restart.role === role) &&
    role !== BASE_ROLE;
}
