import type { StepId } from '../errors/ids.js';
import type { ClusterView } from './cluster-view.js';
import type { DesiredNode, PlannedRole } from './desired.js';
import { leaveStep, leaving, machineStep, publishOnce } from './plan-entries.js';
import { undrainStep } from './plan-closing.js';
import { drainStep } from './plan-departures.js';
import { stopStep } from './service-steps.js';
import { joinStep, readyStep } from './plan-role.js';
import { stepId } from './plan.js';
import { convergeStep, packagesStep } from './run-steps-of-node.js';
import { distinct, type StepList } from './step-list.js';

/** Living nodes that need another machine get it one after another: each leaves, is made anew, and comes back before the next one. */
export function planExchanges(view: ClusterView, list: StepList): void {
  const nodes = view.desired.nodes.filter(({ name }) => view.exchanged.has(name));
  let turn: readonly StepId[] = [];
  for (const node of nodes) {
    const before = distinct(turn, list.settledOf(view.order.flatMap(({ name }) => [name, leaving(name)])));
    goOut(view, list, { node, before });
    const wanted = machineStep(view, node, distinct(list.lastOf(node.name), before));
    list.addFor(node.name, wanted);
    turn = comeBack(view, list, node);
  }
}

function goOut(
  view: ClusterView,
  list: StepList,
  { node, before }: { readonly node: DesiredNode; readonly before: readonly StepId[] },
): void {
  const why = view.exchanged.get(node.name) ?? '';
  for (const role of [...view.order].reverse().filter(({ name }) => view.isMember(node.name, name))) {
    const peers = view.namesOf(role.name).filter((name) => name !== node.name);
    const after = (): readonly StepId[] => distinct(list.lastOf(node.name), before);
    if (role.can.drain) {
      list.addFor(node.name, { ...drainStep(node.name, role.name, why), after: after() });
    }
    if (role.can.leave && peers.length > 0) {
      if (!role.update.quorum)
        list.addFor(node.name, { ...stopStep(node.name, role.name), isLenient: true, after: after(), why });
      list.addFor(node.name, { ...leaveStep({ node: node.name, role: role.name, peers, why }), after: after() });
    }
  }
}

function comeBack(view: ClusterView, list: StepList, node: DesiredNode): readonly StepId[] {
  const roles = view.order.filter(({ name }) => node.roles.includes(name));
  for (const role of roles) {
    bear(view, list, { node, role });
    const packages = view.isBase(role.name) ? packagesStep(view, node) : null;
    if (packages === null) continue;
    const after = distinct(list.lastOf(node.name), publishOnce(view, list));
    list.addFor(node.name, { ...packages, after });
  }
  for (const role of roles.filter(({ name, can }) => can.undrain && view.isMember(node.name, name))) {
    list.addFor(node.name, undrainStep(node.name, role.name, list.lastOf(node.name)));
  }
  return list.lastOf(node.name);
}

function bear(
  view: ClusterView,
  list: StepList,
  { node, role }: { readonly node: DesiredNode; readonly role: PlannedRole },
): void {
  const step = convergeStep(view, list, { node, role });
  if (step === null) return;
  list.noteWork(role.name, node.name);
  list.addFor(node.name, { ...step, after: list.lastOf(node.name) });
  if (!role.hasReadyProbe) return;
  const peers = view.namesOf(role.name).filter((name) => name !== node.name);
  if (role.can.join && view.isServing(role.name) && peers.length > 0) {
    list.addFor(node.name, { ...joinStep(node.name, role.name, peers), after: list.lastOf(node.name) });
  }
  const id = stepId('ready', role.name, node.name);
  const asked = role.isAnyEnough ? view.namesOf(role.name) : [node.name];
  list.addFor(
    node.name,
    readyStep(role.name, asked, { id, after: list.lastOf(node.name), why: 'it is back on another machine' }),
  );
}
