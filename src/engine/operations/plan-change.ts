import type { NodeName } from '../../errors/ids.js';
import type { KeyFilter } from '../../plan/cluster-view.js';
import type { ChangeKind, Plan } from '../../plan/plan.js';
import type { EngineDependencies } from '../context.js';
import { BASE_ROLE } from '../desired-state.js';
import { buildWorkspace } from '../open-workspace.js';
import type { ClusterRecord } from '../ports/store.js';
import type { Workspace } from '../workspace.js';
import type { ChangeOrder, ChangeRequest } from './change-request.js';
import { planFromPins } from './converge-plan.js';
import type { Proposal } from './propose-change.js';
import { matchesSelection } from './selection.js';

/** What of a change decides its plan beside inputs and nodes. */
export type PlannedChange = Pick<ChangeOrder, 'restart' | 'replace' | 'rotate' | 'depth'>;

/** The plan of a change that is only proposed. */
export async function planProposal(
  request: ChangeRequest,
  cluster: ClusterRecord,
  given: { readonly proposal: Proposal; readonly deps: EngineDependencies },
): Promise<Plan> {
  const { proposal, deps } = given;
  const { content, nodes, secrets } = proposal;
  const workspace = await buildWorkspace(deps, cluster, { content, nodes, secrets });
  return planChange(request.kind, request, { cluster, deps, workspace });
}

/** The plan of a change, from a workspace that has what is desired. */
export async function planChange(
  kind: ChangeKind,
  change: PlannedChange,
  given: { readonly cluster: ClusterRecord; readonly deps: EngineDependencies; readonly workspace: Workspace },
): Promise<Plan> {
  const { cluster, deps, workspace } = given;
  const restart = restartFilter(change, workspace);
  const order = {
    operation: kind,
    publish: workspace.prepared.locks.length > 0,
    canResize: deps.provider.resizer !== undefined,
    replace: new Map(Object.entries(change.replace) as [NodeName, string][]),
    ...(restart === null ? {} : { restart }),
    rotate: change.rotate ?? null,
  };
  return planFromPins(order, cluster, { deps, workspace, depth: change.depth });
}

function restartFilter({ restart }: PlannedChange, workspace: Workspace): KeyFilter | null {
  if (restart === null) return null;
  return (name, role) =>
    matchesSelection(restart, workspace.resolvedNode(name)) &&
    (restart.role === undefined || restart.role === role) &&
    role !== BASE_ROLE;
}
