import type { NodeName, StepId } from '../errors/ids.js';
import type { ClusterView } from './cluster-view.js';
import type { DesiredNode, PlannedRole, UpdateRule } from './desired.js';
import { stepId, type MemberStep, type RollStep } from './plan.js';
import { publishOnce, rollingRole } from './plan-entries.js';
import { convergeStep, packagesStep } from './run-steps-of-node.js';
import { restartStep } from './service-steps.js';
import { distinct, type StepList } from './step-list.js';

/** What a rolling step waits for, and whom it asks whether the role is in service. */
export interface RollOrder {
  readonly waits: readonly StepId[];
  readonly peers: readonly NodeName[];
}

/** The rolling step of a role: its members change in turn, within its update rule. */
export class RollPlan {
  readonly #view: ClusterView;
  readonly #list: StepList;
  readonly #role: PlannedRole;

  constructor(view: ClusterView, list: StepList, role: PlannedRole) {
    this.#view = view;
    this.#list = list;
    this.#role = role;
  }

  /** True where a turn of the node may be needed: something on it is to be other than it is, or looked at again. */
  changes(node: DesiredNode): boolean {
    return this.#runOf(node) !== null || this.#bringsPackages(node) || this.restarts(node);
  }

  restarts(node: DesiredNode): boolean {
    return this.#view.options.restart?.(node.name, this.#role.name) ?? false;
  }

  /** Adds the step for these members; none where there are none. */
  roll(nodes: readonly DesiredNode[], { waits, peers }: RollOrder): readonly StepId[] {
    if (nodes.length === 0) return [];
    const { name, update } = this.#role;
    const published = nodes.some((node) => this.#bringsPackages(node)) ? publishOnce(this.#view, this.#list) : [];
    const step: RollStep = {
      kind: 'roll',
      id: stepId('roll', name),
      role: name,
      ...boundsOf(update, peers.length),
      peers,
      members: nodes.map((node) => ({ node: node.name, steps: this.#memberSteps(node) })),
      after: distinct(...nodes.map((node) => this.#list.lastOf(node.name)), published, waits),
      why: this.#why(nodes, peers.length),
    };
    for (const node of nodes) this.#list.noteWork(name, node.name);
    this.#list.leadOn(
      nodes.map((node) => node.name),
      this.#list.add(step),
    );
    return [step.id];
  }

  #why(nodes: readonly DesiredNode[], count: number): string {
    const members = `${String(nodes.length)} of ${String(count)} members`;
    return nodes.some((node) => this.#runOf(node)?.force === true)
      ? `${members} are looked at again, and change in turn where they differ`
      : `${members} change`;
  }

  #memberSteps(node: DesiredNode): readonly MemberStep[] {
    const { name, can } = this.#role;
    const own = { node: node.name, role: name, after: [] };
    const steps: (MemberStep | null)[] = [
      can.drain ? { kind: 'drain', id: stepId('drain', node.name, name), ...own, isLenient: false, why: TURN } : null,
      this.#bringsPackages(node) ? packagesStep(this.#view, node) : null,
      this.#runOf(node),
      this.restarts(node) ? restartStep(node.name, name) : null,
      can.undrain ? { kind: 'undrain', id: stepId('undrain', node.name, name), ...own, why: TURN } : null,
    ];
    return inTurn(steps.filter((step) => step !== null));
  }

  #runOf(node: DesiredNode) {
    return convergeStep(this.#view, this.#list, { node, role: this.#role });
  }

  #bringsPackages(node: DesiredNode): boolean {
    return rollingRole(this.#view, node) === this.#role.name;
  }
}

const TURN = 'its turn in the rolling step';

/** Each after the one before it. */
function inTurn(steps: readonly MemberStep[]): readonly MemberStep[] {
  return steps.map((step, index) => {
    const before = steps[index - 1];
    return before === undefined ? step : { ...step, after: [before.id] };
  });
}

/**
 * How many of `count` members may be down at once, and how many have to answer. One has to be able to go, or nothing could
 * ever change: one or two members that decide by majority are interrupted.
 */
export function boundsOf(rule: UpdateRule, count: number): { readonly maxUnavailable: number; readonly keep: number } {
  const majority = rule.quorum ? Math.floor(count / 2) + 1 : 0;
  const { maxUnavailable } = rule;
  const asked = 'count' in maxUnavailable ? maxUnavailable.count : Math.floor((count * maxUnavailable.percent) / 100);
  const most = Math.max(1, Math.min(asked, count - Math.min(majority, count - 1)));
  return { maxUnavailable: most, keep: Math.max(0, count - most) };
}
