import type { Digest, NodeName, StepId } from '../errors/ids.js';
import { stepId, type ConvergeStep, type DestroyStep, type MachineStep, type Step } from './plan.js';
import { orderRoles, type RoleLinks } from './order-roles.js';

/** The key of a node's one package step, beside role names. */
export const PACKAGES_KEY = 'packages';

/** A node as it should be. Digests are by key: a role, or `packages`; null where not known yet; absent `packages` means none needed. */
export interface DesiredNode {
  readonly name: NodeName;
  readonly roles: readonly string[];
  readonly digests: Readonly<Record<string, Digest | null>>;
}

/** A role as planning sees it. */
export interface PlannedRole extends RoleLinks {
  /** Other roles whose facts its files may use: its inputs are not known while one of their nodes is still to converge. */
  readonly factsFrom: readonly string[];
  readonly hasReadyProbe: boolean;
  readonly hasAcceptance: boolean;
}

/** What should be. `roles` holds every role that a node bears. */
export interface Desired {
  readonly nodes: readonly DesiredNode[];
  readonly roles: readonly PlannedRole[];
}

/** A machine as the provider listed it; `absent` where only the store knows of it. */
export interface ObservedMachine {
  readonly machineId: string;
  readonly node: NodeName;
  readonly generation: number;
  readonly state: 'absent' | 'partial' | 'off' | 'on';
  /** False for machines that were given up and only wait to be destroyed. */
  readonly current: boolean;
}

/** What is. Applied digests are by node, then key. */
export interface Observed {
  readonly machines: readonly ObservedMachine[];
  readonly applied: Readonly<Record<NodeName, Readonly<Record<string, Digest>>>>;
}

/** Which keys of nodes (a role, or `packages`) to run again whatever their digests say. */
export type ForceFilter = (node: NodeName, key: string) => boolean;

/** Which role prepares a node for packages: it lays the repo files. */
export interface PlanOptions {
  /** Converged first on each node, before its packages; must be among the node's roles. */
  readonly baseRole: string;
  /** True where the cluster has pinned packages: the mirror shows them to it before a node installs some. */
  readonly publish: boolean;
  readonly force?: ForceFilter;
}

/**
 * The steps that turn what is observed into what is desired, in an order that respects `after`.
 *
 * Empty when nothing differs. The unit of order is (node, role): a role's nodes converge side by side once every role it
 * requires is ready; the roles of one node follow each other. Nothing waits for more than that.
 */
export function planCluster(desired: Desired, observed: Observed, options: PlanOptions): readonly Step[] {
  const order = orderRoles(
    desired.roles.map(({ name, requires, factsFrom }) => ({ name, requires: [...requires, ...factsFrom] })),
  );
  const planner = new ClusterPlanner(desired, observed, { ...options, order });
  return planner.plan();
}

interface PlannerOptions extends PlanOptions {
  readonly order: readonly string[];
}

class ClusterPlanner {
  readonly #desired: Desired;
  readonly #observed: Observed;
  readonly #options: PlannerOptions;
  readonly #roles: ReadonlyMap<string, PlannedRole>;
  readonly #steps: Step[] = [];
  /** Ready steps by role, planned before any step that waits for them. */
  readonly #ready = new Map<string, StepId>();
  /** The last step of each node so far: the next one of that node follows it. */
  readonly #last = new Map<NodeName, StepId>();
  readonly #converged = new Map<string, StepId[]>();
  #publish: StepId | null = null;

  constructor(desired: Desired, observed: Observed, options: PlannerOptions) {
    this.#desired = desired;
    this.#observed = observed;
    this.#options = options;
    this.#roles = new Map(desired.roles.map((role) => [role.name, role]));
  }

  plan(): readonly Step[] {
    this.#destroyUnwanted();
    for (const node of this.#desired.nodes) this.#planMachine(node);
    for (const role of this.#baseFirst()) this.#planRole(role);
    this.#planAcceptance();
    this.#planRecord();
    return this.#steps;
  }

  #baseFirst(): readonly string[] {
    const { baseRole, order } = this.#options;
    return [...order.filter((role) => role === baseRole), ...order.filter((role) => role !== baseRole)];
  }

  #destroyUnwanted(): void {
    const wanted = new Set(this.#desired.nodes.map((node) => node.name));
    for (const machine of this.#observed.machines) {
      if (!machine.current || !wanted.has(machine.node)) this.#steps.push(destroyStep(machine));
    }
  }

  #planMachine(node: DesiredNode): void {
    const machines = this.#observed.machines.filter((machine) => machine.node === node.name);
    const current = machines.find((machine) => machine.current);
    if (current?.state === 'on') return;
    const start = current?.state === 'off';
    const generation = start ? current.generation : Math.max(0, ...machines.map((machine) => machine.generation)) + 1;
    const step: MachineStep = {
      kind: 'machine',
      id: stepId('machine', `${node.name}#${String(generation)}`),
      node: node.name,
      generation,
      start,
      after: [],
      why: whyMachine(current),
    };
    this.#push(node.name, step);
  }

  #planRole(roleName: string): void {
    const role = this.#role(roleName);
    for (const node of this.#desired.nodes) {
      if (!node.roles.includes(roleName)) continue;
      this.#planConverge(node, role);
      if (roleName === this.#options.baseRole) this.#planPackages(node);
    }
    this.#planReady(role);
  }

  #planConverge(node: DesiredNode, role: PlannedRole): void {
    const digest = this.#awaitsFacts(role) ? null : (node.digests[role.name] ?? null);
    const applied = this.#appliedOf(node.name)[role.name];
    const force = this.#options.force?.(node.name, role.name) ?? false;
    if (!force && digest !== null && digest === applied) return;
    const step: ConvergeStep = {
      kind: 'converge',
      id: stepId('converge', node.name, role.name),
      node: node.name,
      role: role.name,
      digest,
      force,
      after: this.#afterOf(node.name, role),
      why: whyConverge(applied, digest, force),
    };
    this.#push(node.name, step);
    this.#converged.set(role.name, [...(this.#converged.get(role.name) ?? []), step.id]);
  }

  #planPackages(node: DesiredNode): void {
    const digest = node.digests[PACKAGES_KEY];
    if (digest === undefined) return;
    const applied = this.#appliedOf(node.name)[PACKAGES_KEY];
    const force = this.#options.force?.(node.name, PACKAGES_KEY) ?? false;
    if (!force && digest !== null && digest === applied) return;
    const published = this.#publishOnce();
    this.#push(node.name, {
      kind: 'packages',
      id: stepId('packages', node.name),
      node: node.name,
      digest,
      force,
      after: [...this.#followsLast(node.name), ...published],
      why: whyConverge(applied, digest, force),
    });
  }

  #publishOnce(): readonly StepId[] {
    if (!this.#options.publish) return [];
    if (this.#publish === null) {
      this.#publish = stepId('publish');
      this.#steps.push({ kind: 'publish', id: this.#publish, after: [], why: 'nodes pull packages from the mirror' });
    }
    return [this.#publish];
  }

  #awaitsFacts(role: PlannedRole): boolean {
    return role.factsFrom.some((name) => this.#converged.has(name));
  }

  /** A role is asked for readiness where one of its nodes changed, for only then can it have become unready. */
  #planReady(role: PlannedRole): void {
    const changed = this.#converged.get(role.name) ?? [];
    if (changed.length === 0 || !role.hasReadyProbe) return;
    const id = stepId('ready', role.name);
    this.#steps.push({
      kind: 'ready',
      id,
      role: role.name,
      nodes: this.#bearersOf(role.name),
      after: changed,
      why: `${String(changed.length)} of its nodes converge`,
    });
    this.#ready.set(role.name, id);
  }

  #planAcceptance(): void {
    const touched = this.#steps.some(
      (step) => step.kind === 'packages' || (step.kind === 'converge' && !this.#isBase(step.role)),
    );
    if (!touched) return;
    const everything = this.#steps.map((step) => step.id);
    for (const role of this.#desired.roles) {
      const node = this.#bearersOf(role.name)[0];
      if (!role.hasAcceptance || node === undefined) continue;
      this.#steps.push({
        kind: 'accept',
        id: stepId('accept', role.name),
        role: role.name,
        node,
        after: everything,
        why: 'the cluster changed',
      });
    }
  }

  #planRecord(): void {
    if (this.#steps.length === 0 || this.#desired.nodes.length === 0) return;
    const opened = new Set([...this.#last.keys()]);
    const holders = this.#desired.nodes
      .map((node) => node.name)
      .sort()
      .slice(0, 3);
    this.#steps.push({
      kind: 'record',
      id: stepId('record'),
      nodes: this.#desired.nodes.map((node) => node.name).filter((name) => opened.has(name) || holders.includes(name)),
      after: this.#steps.map((step) => step.id),
      why: 'the nodes carry the sealed cluster record',
    });
  }

  #afterOf(node: NodeName, role: PlannedRole): readonly StepId[] {
    const waits = [...role.requires, ...role.factsFrom].flatMap(
      (name) => this.#ready.get(name) ?? this.#converged.get(name) ?? [],
    );
    return [...new Set([...this.#followsLast(node), ...waits])];
  }

  #followsLast(node: NodeName): readonly StepId[] {
    const last = this.#last.get(node);
    return last === undefined ? [] : [last];
  }

  #push(node: NodeName, step: Step): void {
    this.#steps.push(step);
    this.#last.set(node, step.id);
  }

  #bearersOf(role: string): readonly NodeName[] {
    return this.#desired.nodes.filter((node) => node.roles.includes(role)).map((node) => node.name);
  }

  #isBase(role: string): boolean {
    return role === this.#options.baseRole;
  }

  #appliedOf(node: NodeName): Readonly<Record<string, Digest>> {
    const machine = this.#observed.machines.find((each) => each.node === node && each.current);
    const isWhole = machine?.state === 'on' || machine?.state === 'off';
    return isWhole ? (this.#observed.applied[node] ?? {}) : {};
  }

  #role(name: string): PlannedRole {
    const role = this.#roles.get(name);
    if (role === undefined) throw new TypeError(`the desired state names the role ${name} but does not hold it`);
    return role;
  }
}

function destroyStep(machine: ObservedMachine): DestroyStep {
  return {
    kind: 'destroy',
    id: stepId('destroy', `${machine.node}#${String(machine.generation)}`),
    node: machine.node,
    generation: machine.generation,
    machineId: machine.machineId,
    after: [],
    why: machine.current ? 'its node is not wanted' : 'it was replaced',
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

function whyConverge(applied: Digest | undefined, digest: Digest | null, force: boolean): string {
  if (force) return 'asked for';
  if (applied === undefined) return 'never applied on this machine';
  return digest === null ? 'its inputs are not known yet' : 'its inputs changed';
}
