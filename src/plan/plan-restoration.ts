import type { NodeName, StepId } from '../errors/ids.js';
import { ClusterView, type PlanOptions } from './cluster-view.js';
import type { Desired, DesiredNode, Observed, PlannedRole } from './desired.js';
import { planAcceptance, planRecord, undrainStep } from './plan-closing.js';
import { readyStep } from './plan-role.js';
import { planServiceStops } from './plan-stops.js';
import { stepId, type Step } from './plan.js';
import { startStep } from './service-steps.js';
import { distinct, StepList } from './step-list.js';

/**
 * The steps that put the data of a backup in the place of what roles have. All that requires them stops first, then they do,
 * on every node; data comes back once no node of a role serves any more, for one that does would bring its own into what
 * is restored. Then services start in forward order, each role when what it requires is ready.
 */
export function planRestoration(desired: Desired, observed: Observed, options: PlanOptions): readonly Step[] {
  const view = new ClusterView(desired, observed, options);
  const list = new StepList();
  const roles = affectedRoles(view, options.data ?? []);
  const nodes = view.desired.nodes.filter(({ name, power }) => power === 'on' && view.machineOf(name)?.state === 'on');
  const restoration = new Restoration(list, { restored: options.data ?? [], nodes });
  const stopped = planServiceStops(list, { roles, nodes, why: (role) => restoration.whyStop(role) });
  for (const role of roles) restoration.bringBack(role, stopped.get(role.name) ?? []);
  planAcceptance(view, list);
  planRecord(view, list);
  return list.steps;
}

/** The roles, and all that require one of them, directly or not; each after all that it requires. */
function affectedRoles(view: ClusterView, restored: readonly string[]): readonly PlannedRole[] {
  const affected = new Set(restored);
  for (const { name, requires } of view.order) if (requires.some((each) => affected.has(each))) affected.add(name);
  return view.order.filter(({ name }) => affected.has(name));
}

class Restoration {
  readonly #list: StepList;
  readonly #restored: readonly string[];
  readonly #nodes: readonly DesiredNode[];

  constructor(list: StepList, given: { readonly restored: readonly string[]; readonly nodes: readonly DesiredNode[] }) {
    this.#list = list;
    this.#restored = given.restored;
    this.#nodes = given.nodes;
  }

  whyStop(role: string): string {
    return this.#restored.includes(role) ? 'its data is replaced' : 'it requires what is restored';
  }

  bringBack(role: PlannedRole, stops: readonly StepId[]): void {
    const nodes = this.#nodes.filter((node) => node.roles.includes(role.name)).map(({ name }) => name);
    const restores = this.#restored.includes(role.name) ? nodes.map((node) => this.#restore(node, role, stops)) : stops;
    const waits = distinct(restores, this.#list.settledOf(role.requires));
    const starts = nodes.map((node) => this.#start(node, role, waits));
    if (starts.length === 0) return;
    const settled = this.#readiness(nodes, role, starts);
    this.#list.settle(role.name, settled);
    if (!role.can.drain || !role.can.undrain) return;
    for (const node of nodes) this.#list.addFor(node, undrainStep(node, role.name, settled));
  }

  #restore(node: NodeName, { name }: PlannedRole, stops: readonly StepId[]): StepId {
    return this.#list.addFor(node, {
      kind: 'restore',
      id: stepId('restore', node, name),
      node,
      role: name,
      after: distinct(this.#list.lastOf(node), stops),
      why: 'its data is replaced by that of the backup',
    });
  }

  #start(node: NodeName, { name }: PlannedRole, waits: readonly StepId[]): StepId {
    return this.#list.addFor(node, {
      ...startStep(node, name),
      after: distinct(this.#list.lastOf(node), waits),
      why: 'what it needs is there again',
    });
  }

  #readiness(nodes: readonly NodeName[], role: PlannedRole, starts: readonly StepId[]): readonly StepId[] {
    if (!role.hasReadyProbe) return starts;
    const why = `${String(nodes.length)} of its nodes start`;
    return [this.#list.add(readyStep(role.name, nodes, { after: starts, why }))];
  }
}
