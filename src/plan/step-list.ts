import type { NodeName, StepId } from '../errors/ids.js';
import type { Step } from './plan.js';

/** Steps as a plan gathers them, with what later ones have to wait for. Each step follows all that it names. */
export class StepList {
  readonly #steps: Step[] = [];
  readonly #ids = new Set<StepId>();
  readonly #last = new Map<NodeName, StepId>();
  readonly #settled = new Map<string, StepId[]>();
  readonly #worked = new Map<string, Set<NodeName>>();

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Nodes that have steps of their own. */
  get touched(): ReadonlySet<NodeName> {
    return new Set(this.#last.keys());
  }

  /** Adds a step that belongs to no node's sequence. */
  add(step: Step): StepId {
    this.#steps.push(step);
    this.#ids.add(step.id);
    return step.id;
  }

  has(id: StepId): boolean {
    return this.#ids.has(id);
  }

  /** Adds a step of a node: the node's next one follows it. */
  addFor(node: NodeName, step: Step): StepId {
    this.#last.set(node, step.id);
    return this.add(step);
  }

  /** The nodes' next steps follow this one. */
  leadOn(nodes: readonly NodeName[], id: StepId): void {
    for (const node of nodes) this.#last.set(node, id);
  }

  /** What the next step of a node follows. */
  lastOf(node: NodeName): readonly StepId[] {
    const last = this.#last.get(node);
    return last === undefined ? [] : [last];
  }

  /** Notes that a role's recipes run on a node. */
  noteWork(role: string, node: NodeName): void {
    this.#worked.set(role, (this.#worked.get(role) ?? new Set()).add(node));
  }

  /** Nodes on which the recipes of a role run. */
  workOf(role: string): readonly NodeName[] {
    return [...(this.#worked.get(role) ?? [])];
  }

  /** From here on, whoever waits for the role waits for these steps. */
  settle(role: string, ids: readonly StepId[]): void {
    this.#settled.set(role, [...ids]);
  }

  /** From here on, it waits for this step as well. */
  settleToo(role: string, id: StepId): void {
    const ids = this.#settled.get(role) ?? [];
    ids.push(id);
    this.#settled.set(role, ids);
  }

  /** What waits for these roles waits for: their readiness, or their runs where they have no probe. */
  settledOf(roles: readonly string[]): readonly StepId[] {
    return roles.flatMap((role) => this.#settled.get(role) ?? []);
  }
}

/** Step ids without repetitions. */
export function distinct(...lists: readonly (readonly StepId[])[]): readonly StepId[] {
  return [...new Set(lists.flat())];
}
