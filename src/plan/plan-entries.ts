import type { NodeName, StepId } from '../errors/ids.js';
import { sameShape, type ClusterView } from './cluster-view.js';
import type { DesiredNode, ObservedMachine, PlannedRole } from './desired.js';
import { stepId, type DestroyStep, type LeaveStep, type MachineStep } from './plan.js';
import { convergeStep, packagesStep } from './run-steps-of-node.js';
import { distinct, type StepList } from './step-list.js';

/**
 * Destroys what was given up earlier. A node that leaves takes its machines with it at the end; a machine that takes disks
 * over destroys those that had them itself.
 */
export function planRetired(view: ClusterView, list: StepList): void {
  const takers = view.running.filter((node) => view.isRenewed(node.name) && view.disksOf(node) === 'kept');
  const taking = new Set(takers.map(({ name }) => name));
  for (const machine of view.observed.machines) {
    const isStaying = view.wantedNode(machine.node) !== undefined && !taking.has(machine.node);
    if (!machine.current && isStaying && !view.isLeftAlone(machine.node))
      list.add(destroyStep(machine, { after: [], why: 'it was replaced' }));
  }
}

/** The destruction of one machine. */
export function destroyStep(
  machine: ObservedMachine,
  { after, why }: { readonly after: readonly StepId[]; readonly why: string },
): DestroyStep {
  return {
    kind: 'destroy',
    id: stepId('destroy', `${machine.node}#${String(machine.generation)}`),
    node: machine.node,
    generation: machine.generation,
    machineId: machine.machineId,
    after,
    why,
  };
}

/** Brings the machines of nodes up, once `waits` are done. */
export function planMachines(
  view: ClusterView,
  list: StepList,
  { nodes, waits }: { readonly nodes: readonly DesiredNode[]; readonly waits: readonly StepId[] },
): void {
  for (const node of nodes) {
    if (view.isRenewed(node.name)) planForgotten(view, list, node);
    else planShape(view, list, node);
  }
  for (const node of nodes) {
    if (!view.isRenewed(node.name) && !view.isStarted(node.name)) continue;
    list.addFor(node.name, machineStep(view, node, distinct(list.lastOf(node.name), waits)));
  }
}

/** Starts the machine that is off, or clones the next one. */
export function machineStep(view: ClusterView, node: DesiredNode, after: readonly StepId[]): MachineStep {
  const machines = view.machinesOf(node.name);
  const start = view.isStarted(node.name) && !view.exchanged.has(node.name);
  const current = view.machineOf(node.name);
  const highest = Math.max(0, ...machines.map((machine) => machine.generation));
  const generation = start && current !== undefined ? current.generation : highest + 1;
  const disks = start ? null : view.disksOf(node);
  const why = view.exchanged.get(node.name) ?? view.options.replace?.get(node.name) ?? whyMachine(current);
  return {
    kind: 'machine',
    id: stepId('machine', `${node.name}#${String(generation)}`),
    node: node.name,
    generation,
    start,
    ...(disks === null ? {} : { disks }),
    after,
    why: disks === null ? why : `${why}; its data disks are ${disks}`,
  };
}

function whyMachine(current: ObservedMachine | undefined): string {
  switch (current?.state) {
    case undefined:
      return 'the node has no machine';
    case 'absent':
      return 'its machine is gone';
    case 'partial':
      return 'its machine is only half made';
    case 'off':
    case 'on':
      return 'its machine is off';
  }
}

/** A dead member leaves before a fresh machine, which has none of its data, takes its place. */
function planForgotten(view: ClusterView, list: StepList, node: DesiredNode): void {
  for (const role of view.order) {
    if (!role.can.leave || !view.isListed(node.name, role.name)) continue;
    const peers = view.peersOf(role.name).filter((name) => view.isMember(name, role.name));
    if (peers.length === 0) continue;
    const step = leaveStep({ node: node.name, role: role.name, peers, why: 'its machine is lost' });
    const after = distinct(list.lastOf(node.name), list.settledOf([leaving(role.name)]));
    list.settle(leaving(role.name), [list.addFor(node.name, { ...step, after })]);
  }
}

/** A departure, waiting for nothing yet. */
export function leaveStep(given: {
  readonly node: NodeName;
  readonly role: string;
  readonly peers: readonly NodeName[];
  readonly why: string;
}): LeaveStep {
  return { kind: 'leave', id: stepId('leave', given.node, given.role), after: [], ...given };
}

/** The key under which departures from a role follow each other: members leave one at a time. */
export function leaving(role: string): string {
  return `leave ${role}`;
}

function planShape(view: ClusterView, list: StepList, node: DesiredNode): void {
  const machine = view.machineOf(node.name);
  if (machine === undefined || machine.shape === null || sameShape(machine.shape, node.shape)) return;
  const { size } = node.shape;
  list.addFor(node.name, {
    kind: 'resize',
    id: stepId('resize', node.name),
    node: node.name,
    machineId: machine.machineId,
    shape: node.shape,
    after: list.lastOf(node.name),
    why: `${String(size.cpuCount)} cores and ${String(size.memoryMiB)} MiB are wanted`,
  });
}

/** Runs the base role, and installs packages, but for those that have to wait for the node's turn in a rolling step. */
export function planBases(view: ClusterView, list: StepList, nodes: readonly DesiredNode[]): void {
  const base = view.role(view.options.baseRole);
  for (const node of nodes) planBase(view, list, { node, role: base });
  for (const node of nodes) if (rollingRole(view, node) === undefined) planPackages(view, list, node);
}

function planBase(
  view: ClusterView,
  list: StepList,
  pair: { readonly node: DesiredNode; readonly role: PlannedRole },
): void {
  const step = convergeStep(view, list, pair);
  if (step === null) return;
  const { node, role } = pair;
  const id = list.addFor(node.name, { ...step, after: list.lastOf(node.name) });
  list.noteWork(role.name, node.name);
  list.settleToo(role.name, id);
}

/** Installs a node's packages, where it needs some. */
export function planPackages(view: ClusterView, list: StepList, node: DesiredNode): void {
  const step = packagesStep(view, node);
  if (step === null) return;
  list.addFor(node.name, { ...step, after: distinct(list.lastOf(node.name), publishOnce(view, list)) });
}

/** The step that shows the cluster its packages, planned with the first node that needs it. */
export function publishOnce(view: ClusterView, list: StepList): readonly StepId[] {
  if (!view.options.publish) return [];
  const id = stepId('publish');
  if (!list.has(id)) {
    list.add({ kind: 'publish', id, after: [], why: 'nodes pull packages from the mirror' });
  }
  return [id];
}

/** The role with whose rolling step the packages of a node come: the first one in whose service the node is. */
export function rollingRole(view: ClusterView, node: DesiredNode): string | undefined {
  if (packagesStep(view, node) === null) return undefined;
  const roles = view.order.filter(({ name }) => node.roles.includes(name));
  return roles.find(({ name }) => view.isMember(node.name, name))?.name;
}
