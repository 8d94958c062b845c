import { placeOf } from '../../plan/archive-for.js';
import { findBrokenMajorities } from '../../plan/find-broken-majorities.js';
import { findStoppedPeers } from '../../plan/find-stopped-peers.js';
import { findDataObstacles } from '../../plan/find-data-obstacles.js';
import { BdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import type { Plan } from '../../plan/plan.js';
import type { EngineDependencies } from '../context.js';
import { BASE_ROLE } from '../desired-state.js';
import { observeInventory } from '../observe.js';
import type { ClusterRecord } from '../ports/store.js';
import { findObstacles } from '../preflight.js';
import { planPrepare } from '../prepare.js';
import type { ChangeRequest } from './change-request.js';
import { toPlan, type BothStates } from './converge-plan.js';
import { guardPlan } from './guard-change.js';
import { planProposal } from './plan-change.js';
import { proposeChange, type Proposal } from './propose-change.js';

/** What a change would do, and what is worth telling before it does. */
export interface PreparedChange {
  readonly proposal: Proposal;
  /** What all clusters of the home share is looked after first by this; null where it is not. */
  readonly prepare: Plan | null;
  readonly plan: Plan;
  readonly warnings: readonly string[];
}

/**
 * Works out what a change would do, and whether it may. Nothing is recorded.
 *
 * @throws BdeError `GUARD_REFUSED`, `PREFLIGHT_FAILED`, `STATE_INVALID`, those of resolving and compiling
 */
export async function prepareChange(
  request: ChangeRequest,
  cluster: ClusterRecord,
  deps: EngineDependencies,
): Promise<PreparedChange> {
  refuseUnready(request, cluster);
  const proposal = await proposeChange(request, cluster, deps);
  const { plan, states } = await planProposal(request, cluster, { proposal, deps });
  refuseUncertified(request, plan);
  refuseStoppedPeers(states, cluster);
  refuseObstructed(request, cluster, { proposal, states });
  const broken = await brokenBy(request, cluster, { states, deps });
  const forced = guardPlan(plan, cluster, { broken, isForced: request.isForced });
  const capacity = await findObstacles(proposal, cluster, deps);
  const resolving = proposal.content.resolved.warnings.map(({ message }) => message);
  const overruled = proposal.overruled.map(describeOverruled);
  return {
    proposal,
    prepare: preparePlan(proposal, cluster),
    plan,
    warnings: [...(request.remarks ?? []), ...resolving, ...overruled, ...capacity, ...forced],
  };
}

function preparePlan({ isPreparedAnew, content }: Proposal, { name, rehearsal }: ClusterRecord): Plan | null {
  if (!isPreparedAnew) return null;
  const steps = planPrepare({ repos: content.distro.repos, rehearsal });
  return toPlan('prepare', name, { steps, observed: { nodes: [], machines: [], applied: {} } });
}

function describeOverruled(name: string): string {
  return `the spec gives the secret ${name} another value than the cluster has: the spec's counts`;
}

/** A plan may be made from what is recorded alone; that a majority lives has to be seen. */
async function brokenBy(
  request: ChangeRequest,
  cluster: ClusterRecord,
  { states, deps }: { readonly states: BothStates; readonly deps: EngineDependencies },
) {
  const { desired } = states;
  const observed =
    request.depth === 'none'
      ? { ...states.observed, machines: (await observeInventory(deps, cluster)).machines }
      : states.observed;
  const replace = new Map(Object.entries(request.replace) as [NodeName, string][]);
  const leaveAlone = new Set(request.leaveAlone);
  return findBrokenMajorities(desired, observed, { baseRole: BASE_ROLE, publish: false, replace, leaveAlone });
}

/**
 * Only what was planned once can be changed, and what is being deleted cannot any more.
 *
 * @throws BdeError `PREFLIGHT_FAILED`
 */
function refuseUnready({ kind }: ChangeRequest, { name, state }: ClusterRecord): void {
  if (state === 'DELETING') {
    throw new BdeError('PREFLIGHT_FAILED', `The cluster ${name} is being deleted; it cannot be changed any more.`, {
      subject: { cluster: name },
      hint: `Finish that with bde cluster resume ${name}, then create it anew.`,
    });
  }
  if (state !== 'STOPPED' || kind === 'start' || kind === 'stop') return;
  throw new BdeError('PREFLIGHT_FAILED', `The cluster ${name} is stopped: its nodes cannot be changed.`, {
    subject: { cluster: name },
    hint: `Start it first: bde cluster start ${name}.`,
  });
}

/** A rotation of nothing is not what was asked for. */
function refuseUncertified({ rotate }: ChangeRequest, { steps, cluster }: Plan): void {
  if (rotate === null || steps.some(({ kind }) => kind === 'certificates')) return;
  throw new BdeError('PREFLIGHT_FAILED', `No node of ${cluster} lays a certificate: there is nothing to rotate.`, {
    subject: { cluster },
    hint: `Its cookbooks may have been pinned before there were any: bde cluster apply ${cluster} --spec FILE.`,
  });
}

/** No force helps here: somebody has to run who can let others in or out. */
function refuseStoppedPeers({ desired, observed }: BothStates, { name }: ClusterRecord): void {
  const [first] = findStoppedPeers(desired, observed);
  if (first === undefined) return;
  const { role, stopped, coming, leaving } = first;
  const what = coming.length > 0 ? `let ${coming.join(', ')} in` : `let ${leaving.join(', ')} out`;
  throw new BdeError('PREFLIGHT_FAILED', `Nobody can ${what}: ${stopped.join(', ')} of ${role} are stopped.`, {
    subject: { cluster: name, role },
    hint: `Start them first: bde cluster start ${name}.`,
  });
}

/** Data can be taken or put back where those that have it run. */
function refuseObstructed(
  { data }: ChangeRequest,
  { name }: ClusterRecord,
  { proposal, states }: { readonly proposal: Proposal; readonly states: BothStates },
): void {
  if (data === null) return;
  const places = new Map(proposal.nodes.map((node) => [node.name, placeOf(node)]));
  const restored = data.type === 'restore' ? data.manifest : null;
  const check = { cluster: name, roles: data.roles, restored, places };
  const [first, ...others] = findDataObstacles(states, check, { baseRole: BASE_ROLE, publish: false });
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new BdeError('PREFLIGHT_FAILED', `${String(others.length + 1)} things stand in the way of the ${data.type}.`, {
    subject: { cluster: name },
    failures: [first, ...others],
  });
}
