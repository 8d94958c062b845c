import type { Digest, StepId } from '../errors/ids.js';
import type { ClusterView } from './cluster-view.js';
import { PACKAGES_KEY, type DesiredNode, type PlannedRole } from './desired.js';
import { stepId, type ConvergeStep, type PackagesStep } from './plan.js';
import type { StepList } from './step-list.js';

/** The run of a role that a node needs, waiting for nothing yet; null where it has nothing to do. */
export function convergeStep(view: ClusterView, list: StepList, { node, role }: Pair): ConvergeStep | null {
  const isKnown = !awaitsFacts(role, list) && !view.awaitsCertificate(node, role.name);
  const digest = isKnown ? (node.digests[role.name] ?? null) : null;
  const need = needOf(view, { node, key: role.name, digest });
  if (need === null) return null;
  return {
    kind: 'converge',
    id: stepId('converge', node.name, role.name),
    node: node.name,
    role: role.name,
    digest,
    force: need.force,
    after: NOTHING,
    why: need.why,
  };
}

/** The package transaction that a node needs, waiting for nothing yet; null where it has nothing to do. */
export function packagesStep(view: ClusterView, node: DesiredNode): PackagesStep | null {
  const digest = node.digests[PACKAGES_KEY];
  if (digest === undefined) return null;
  const need = needOf(view, { node, key: PACKAGES_KEY, digest });
  if (need === null) return null;
  return {
    kind: 'packages',
    id: stepId('packages', node.name),
    node: node.name,
    digest,
    force: need.force,
    after: NOTHING,
    why: need.why,
  };
}

/** A node and a role that it bears. */
export interface Pair {
  readonly node: DesiredNode;
  readonly role: PlannedRole;
}

const NOTHING: readonly StepId[] = [];

/** Its facts may change as long as one of the nodes that export them is still to run. */
function awaitsFacts(role: PlannedRole, list: StepList): boolean {
  return role.factsFrom.some((name) => list.workOf(name).length > 0);
}

function needOf(
  view: ClusterView,
  { node, key, digest }: { readonly node: DesiredNode; readonly key: string; readonly digest: Digest | null },
): { readonly force: boolean; readonly why: string } | null {
  const isGiven = view.exchanged.has(node.name);
  const applied = isGiven ? undefined : view.appliedOf(node.name)[key];
  const force = view.options.force?.(node.name, key) ?? false;
  if (!force && digest !== null && digest === applied) return null;
  if (force) return { force, why: 'asked for' };
  if (applied === undefined) return { force, why: 'never applied on this machine' };
  const reason = view.options.reasonOf?.(node.name, key) ?? null;
  return { force, why: reason ?? (digest === null ? 'its inputs are not known yet' : 'its inputs changed') };
}
