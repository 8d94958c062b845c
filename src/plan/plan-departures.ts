import type { NodeName, StepId } from '../errors/ids.js';
import type { ClusterView } from './cluster-view.js';
import type { DesiredNode, ObservedNode, PlannedRole } from './desired.js';
import { destroyStep, leaveStep, leaving } from './plan-entries.js';
import { stopStep } from './service-steps.js';
import { stepId, type DrainStep } from './plan.js';
import { distinct, type StepList } from './step-list.js';

/** Takes roles that living nodes no longer bear off them; those that cannot be are exchanged instead. */
export function planRemovals(view: ClusterView, list: StepList): void {
  for (const node of view.running) {
    const lost = new Set(view.lostRolesOf(node));
    const roles = [...view.order].reverse().filter(({ name, can }) => lost.has(name) && can.remove);
    for (const role of roles) planRemoval(view, list, { node, role });
  }
}

function planRemoval(
  view: ClusterView,
  list: StepList,
  { node, role }: { readonly node: DesiredNode; readonly role: PlannedRole },
): void {
  depart(view, list, { node: node.name, role, why: 'the node no longer bears the role' });
  list.addFor(node.name, {
    kind: 'remove',
    id: stepId('remove', node.name, role.name),
    node: node.name,
    role: role.name,
    after: list.lastOf(node.name),
    why: 'the node no longer bears the role',
  });
}

/**
 * Nodes that are not wanted any more: their roles are drained and leave, dependents first, the highest index first; then,
 * once nobody's files name them, their machines go, and the nodes are forgotten.
 */
export function planDepartures(view: ClusterView, list: StepList): void {
  const going = view.observed.nodes.filter(({ name }) => view.wantedNode(name) === undefined).reverse();
  for (const role of [...view.order].reverse().filter(({ name }) => !view.isBase(name))) {
    for (const node of going.filter(({ roles }) => roles.includes(role.name))) {
      depart(view, list, { node: node.name, role, why: GONE });
    }
  }
  const named = new Map(going.map((node) => [node.name, stepsThatName(view, list, node)]));
  for (const node of going) planEnd(view, list, { node, named: named.get(node.name) ?? [] });
}

const GONE = 'the node is not wanted any more';

function depart(
  view: ClusterView,
  list: StepList,
  { node, role, why }: { readonly node: NodeName; readonly role: PlannedRole; readonly why: string },
): void {
  const settled = list.settledOf([role.name]);
  if (role.can.drain && view.machineOf(node)?.state === 'on') {
    list.addFor(node, { ...drainStep(node, role.name, why), after: distinct(list.lastOf(node), settled) });
  }
  const peers = view.namesOf(role.name).filter((peer) => peer !== node);
  if (!role.can.leave || !view.isListed(node, role.name) || peers.length === 0) return;
  // One that decides is let out while it does; any other one could come back between its leave and the end of its machine.
  if (!role.update.quorum && view.machineOf(node)?.state === 'on') {
    list.addFor(node, {
      ...stopStep(node, role.name),
      isLenient: true,
      after: distinct(list.lastOf(node), settled),
      why,
    });
  }
  const turn = list.settledOf([leaving(role.name)]);
  const after = distinct(list.lastOf(node), settled, turn);
  const id = list.addFor(node, { ...leaveStep({ node, role: role.name, peers, why }), after });
  list.settle(leaving(role.name), [id]);
}

/** Drains a node that goes for good, waiting for nothing yet. */
export function drainStep(node: NodeName, role: string, why: string): DrainStep {
  return { kind: 'drain', id: stepId('drain', node, role), node, role, isLenient: true, after: [], why };
}

/** Steps after which no file of another node names this one any more. */
function stepsThatName(view: ClusterView, list: StepList, node: ObservedNode): readonly StepId[] {
  const readers = new Set(view.order.filter(({ names }) => names.some((name) => node.roles.includes(name))));
  const roles = new Set([...readers].map(({ name }) => name));
  const bearers = new Set(
    view.desired.nodes.filter((each) => each.roles.some((role) => roles.has(role))).map(({ name }) => name),
  );
  return list.steps.flatMap((step) => {
    if (step.kind === 'roll') return roles.has(step.role) ? [step.id] : [];
    if (step.kind !== 'converge') return [];
    return roles.has(step.role) || (view.isBase(step.role) && bearers.has(step.node)) ? [step.id] : [];
  });
}

function planEnd(
  view: ClusterView,
  list: StepList,
  { node, named }: { readonly node: ObservedNode; readonly named: readonly StepId[] },
): void {
  const after = distinct(list.lastOf(node.name), named);
  const machines = view.machinesOf(node.name);
  const destroyed = machines.map((machine) => list.add(destroyStep(machine, { after, why: GONE })));
  list.add({
    kind: 'forget',
    id: stepId('forget', node.name),
    node: node.name,
    after: destroyed.length === 0 ? after : destroyed,
    why: 'its name, address and ordinal are free again',
  });
}
