import type { StepId } from '../errors/ids.js';
import type { ClusterView } from './cluster-view.js';
import type { DesiredNode, PlannedRole } from './desired.js';
import { drainStep } from './plan-departures.js';
import { stopStep } from './service-steps.js';
import { stepId } from './plan.js';
import { distinct, type StepList } from './step-list.js';

const OFF = 'the node is to be off';

/** Nodes that are to be off: drained, services stopped in reverse order, machines shut down. */
export function planStops(view: ClusterView, list: StepList): void {
  const nodes = view.desired.nodes.filter(({ name, power }) => power === 'off' && view.machineOf(name)?.state === 'on');
  planServiceStops(list, { roles: view.order.filter(({ name }) => !view.isBase(name)), nodes, why: () => OFF });
  for (const node of nodes) planPowerOff(view, list, node);
}

/** Whose services stop where, and why. */
export interface ServiceStops {
  /** Each after all that it requires: they stop in reverse order. */
  readonly roles: readonly PlannedRole[];
  readonly nodes: readonly DesiredNode[];
  readonly why: (role: string) => string;
}

/** Drains the roles of nodes and stops their services, dependents first; gives the stops of each role. */
export function planServiceStops(
  list: StepList,
  { roles, nodes, why }: ServiceStops,
): ReadonlyMap<string, readonly StepId[]> {
  const stopped = new Map<string, readonly StepId[]>();
  for (const role of [...roles].reverse()) {
    const dependents = roles.filter(({ requires }) => requires.includes(role.name));
    const waits = dependents.flatMap(({ name }) => stopped.get(name) ?? []);
    const bearers = nodes.filter((node) => node.roles.includes(role.name));
    stopped.set(
      role.name,
      bearers.map((node) => planServiceStop(list, { node, role, waits, why: why(role.name) })),
    );
  }
  return stopped;
}

function planServiceStop(
  list: StepList,
  given: {
    readonly node: DesiredNode;
    readonly role: PlannedRole;
    readonly waits: readonly StepId[];
    readonly why: string;
  },
): StepId {
  const { node, role, waits, why } = given;
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
    why: OFF,
  });
}
