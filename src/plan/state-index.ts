import type { NodeName } from '../errors/ids.js';
import type { Desired, DesiredNode, Observed, ObservedMachine, ObservedNode } from './desired.js';

/** What there is of a node in both states, by its name: planning asks for each of ten thousand. */
export class StateIndex {
  readonly desired: ReadonlyMap<NodeName, DesiredNode>;
  readonly observed: ReadonlyMap<NodeName, ObservedNode>;
  /** In the order in which they were observed. */
  readonly machines: ReadonlyMap<NodeName, readonly ObservedMachine[]>;

  constructor(desired: Desired, observed: Observed) {
    this.desired = new Map(desired.nodes.map((node) => [node.name, node]));
    this.observed = new Map(observed.nodes.map((node) => [node.name, node]));
    this.machines = machinesByNode(observed.machines);
  }
}

function machinesByNode(machines: readonly ObservedMachine[]): StateIndex['machines'] {
  const byNode = new Map<NodeName, ObservedMachine[]>();
  for (const machine of machines) {
    const own = byNode.get(machine.node);
    if (own === undefined) byNode.set(machine.node, [machine]);
    else own.push(machine);
  }
  return byNode;
}
