import type { StepId } from '../errors/ids.js';
import type { ClusterView } from './cluster-view.js';
import type { DesiredNode, PlannedRole } from './desired.js';
import { drainStep, stopStep } from './plan-departures.js';
import { stepId } from './plan.js';
import { distinct, type StepList } from './step-list.js';

/** Nodes that are to be off: drained, services stopped in reverse order, machines shut down. */
export function planStops(view: ClusterView, list: StepList): void {
  const nodes = view.desired.nodes.filter(({ name, power }) => power === 'off' && view.machineOf(name)?.state === 'on');
  const stopped = new Map<string, readonly StepId[]>();
  for (const role of [...view.order].reverse().filter(({ name }) => !view.isBase(name))) {
    const dependents = view.order.filter(({ requires }) => requires.includes(role.name));
    const waits = dependents.flatMap(({ name }) => stopped.get(name) ?? []);
    const bearers = nodes.filter((node) => node.roles.includes(role.name));
    stopped.set(
      role.name,
      bearers.map((node) => planServiceStop(list, { node, role, waits })),
    );
  }
  for (const node of nodes) planPowerOff(view, list, node);
}

function planServiceStop(
  list: StepList,
  { node, role, waits }: { readonly node: DesiredNode; readonly role: PlannedRole; readonly waits: readonly StepId[] },
): StepId {
  const why = 'the node is to be off';
  if (role.can.drain) {
    const after = distinct(list.lastOf(node.name), waits);
    list.addFor(node.name, { ...drainStep(node.name, role.name, why), after });
  }
  return list.addFor(node.name, {
    ...stopStep(node.name, role.name),
    after: distinct(list.lastOf(node.name), waits),
    why,
  });
}

function planPowerOff(view: ClusterView, list: StepList, node: DesiredNode): void {
  const machine = view.machineOf(node.name);
  if (machine === undefined) return;
  list.addFor(node.name, {
    kind: 'power',
    id: stepId('power', `${node.name}#${String(machine.generation)}`, 'off'),
    node: node.name,
    generation: machine.generation,
    machineId: machine.machineId,
    after: list.lastOf(node.name),
    why: 'the node is to be off',
  });
}
