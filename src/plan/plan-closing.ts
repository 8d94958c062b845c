import type { NodeName } from '../errors/ids.js';
import type { ClusterView } from './cluster-view.js';
import { stepId, type AcceptStep, type Step, type UndrainStep } from './plan.js';
import { distinct, type StepList } from './step-list.js';

/** How many nodes hold the cluster record beside those that an operation opened. */
export const RECORD_HOLDERS = 3;

/** Gives work back to nodes that were started, once their roles answer. */
export function planUndrains(view: ClusterView, list: StepList): void {
  const rolled = new Set(
    list.steps.flatMap((step) => (step.kind === 'roll' ? step.members.map(({ node }) => node) : [])),
  );
  for (const role of view.order.filter(({ can }) => can.undrain)) {
    for (const node of view.bearersOf(role.name)) {
      const isBack = view.isStarted(node.name) || view.isRoused(node.name);
      if (!isBack || rolled.has(node.name)) continue;
      const after = distinct(list.lastOf(node.name), list.settledOf([role.name]));
      list.addFor(node.name, undrainStep(node.name, role.name, after));
    }
  }
}

/** Gives work back to a node. */
export function undrainStep(node: NodeName, role: string, after: UndrainStep['after']): UndrainStep {
  return { kind: 'undrain', id: stepId('undrain', node, role), node, role, after, why: 'the node is back' };
}

/**
 * The acceptance tests of the roles that changed and of all that require them, and those that are owed, on a node that is open
 * already where one is.
 */
export function planAcceptance(view: ClusterView, list: StepList): void {
  const changed = changedRoles(view, list.steps);
  const everything = list.steps.map((step) => step.id);
  const { touched } = list;
  const owed = view.options.owedAcceptance ?? new Set();
  const isDue = (name: string): boolean => changed.has(name) || owed.has(name);
  for (const role of view.order.filter(({ name, hasAcceptance }) => hasAcceptance && isDue(name))) {
    const bearers = view.namesOf(role.name);
    // Its test asks every bearer, and one of them is known not to answer.
    if (!role.isAnyEnough && bearers.some((name) => view.isLeftAlone(name))) continue;
    const asked = bearers.filter((name) => !view.isLeftAlone(name));
    const node = asked.find((name) => touched.has(name)) ?? asked[0];
    if (node === undefined) continue;
    const why = changed.has(role.name)
      ? 'the role or what it requires changed'
      : 'it has not passed since it last failed';
    list.add(acceptStep(role.name, node, { after: everything, why }));
  }
}

/** The acceptance test of a role. */
export function acceptStep(role: string, node: NodeName, given: Pick<AcceptStep, 'after' | 'why'>): AcceptStep {
  return { kind: 'accept', id: stepId('accept', role), role, node, ...given };
}

function changedRoles(view: ClusterView, steps: readonly Step[]): ReadonlySet<string> {
  const changed = new Set(steps.flatMap((step) => touchedRoles(view, step)));
  // In this order a role comes after all that it requires.
  for (const { name, requires } of view.order) if (requires.some((each) => changed.has(each))) changed.add(name);
  return changed;
}

function touchedRoles(view: ClusterView, step: Step): readonly string[] {
  switch (step.kind) {
    case 'converge':
    case 'roll':
    case 'join':
    case 'leave':
    case 'remove':
    case 'restore':
      return view.isBase(step.role) ? [] : [step.role];
    case 'services':
      return step.to === 'stop' ? [] : [step.role];
    case 'packages':
    case 'machine':
    case 'resize':
      return (view.wantedNode(step.node)?.roles ?? []).filter((role) => !view.isBase(role));
    default:
      return [];
  }
}

/** Leaves the cluster record on every node that was opened, and on the holders. */
export function planRecord(view: ClusterView, list: StepList): void {
  const running = view.desired.nodes
    .filter(({ name, power }) => power === 'on' && !view.isLeftAlone(name))
    .map(({ name }) => name);
  const isOutdated = view.options.isRecordOutdated ?? false;
  if ((list.steps.length === 0 && !isOutdated) || running.length === 0) return;
  const opened = list.touched;
  const holders = [...running].sort().slice(0, RECORD_HOLDERS);
  list.add({
    kind: 'record',
    id: stepId('record'),
    nodes: running.filter((name) => opened.has(name) || holders.includes(name)),
    after: list.steps.map((step) => step.id),
    why: 'the nodes carry the sealed cluster record',
  });
}
