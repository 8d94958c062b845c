import type { Digest, NodeName } from '../errors/ids.js';
import type { CertificateAct } from './plan.js';
import type { Desired, DesiredNode, MachineShape, Observed, ObservedMachine, PlannedRole } from './desired.js';
import { orderRoles } from './order-roles.js';
import { StateIndex } from './state-index.js';

/** Says something about a key of a node: a role, or `packages`. */
export type KeyFilter = (node: NodeName, key: string) => boolean;

/** What a plan takes into account beside the two states. */
export interface PlanOptions {
  /** Converged first on each node, before its packages: it lays the repo files. Among the roles of every node. */
  readonly baseRole: string;
  /** True where the cluster has pinned packages: the mirror shows them to it before a node installs some. */
  readonly publish: boolean;
  /** True where the provider changes cores and memory of a machine that stays. */
  readonly canResize?: boolean;
  /** Keys to run again whatever their digests say. */
  readonly force?: KeyFilter;
  /** Services to restart: keys are roles. */
  readonly restart?: KeyFilter;
  /** What is asked for certificates; without it, only nodes that lack a good one get one. */
  readonly certificates?: CertificateAct;
  /** Roles whose data is taken or put back. */
  readonly data?: readonly string[];
  /** Nodes whose machine is of no use any more, and why. */
  readonly replace?: ReadonlyMap<NodeName, string>;
  /** Nodes that are ill and stay as they are: nothing is done to them, and nothing waits for them. */
  readonly leaveAlone?: ReadonlySet<NodeName>;
  /** Nodes that were to be off and are to run again: where the machine still runs, its services may have stopped. */
  readonly roused?: ReadonlySet<NodeName>;
  /** Why the inputs of a key are others, where more is known than that they are. */
  readonly reasonOf?: (node: NodeName, key: string) => string | null;
  /** Roles whose acceptance test has to run, whatever else is to be done: it did not pass when it was to. */
  readonly owedAcceptance?: ReadonlySet<string>;
  /** True where the cluster record holds what it did not before, whatever else is to be done. */
  readonly isRecordOutdated?: boolean;
}

/** Questions that planning asks of what is desired and what is observed. */
export class ClusterView {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly options: PlanOptions;
  /** The roles of desired and leaving nodes, each after all that it requires, the base role first. */
  readonly order: readonly PlannedRole[];
  /** Nodes that are to run, less those that are made anew one at a time or left alone. */
  readonly running: readonly DesiredNode[];
  /** Nodes whose living machine has to be another one, and why: one at a time, after everything else. */
  readonly exchanged: ReadonlyMap<NodeName, string>;
  /** Nodes that get a new certificate, and why. */
  readonly certified: ReadonlyMap<NodeName, string>;
  /** Nodes whose next runs lay another certificate, or other authorities, than there are now. */
  readonly recertified: ReadonlySet<NodeName>;
  readonly #roles: ReadonlyMap<string, PlannedRole>;
  readonly #index: StateIndex;

  constructor(desired: Desired, observed: Observed, options: PlanOptions) {
    this.desired = desired;
    this.observed = observed;
    this.options = options;
    this.#roles = new Map(desired.roles.map((role) => [role.name, role]));
    this.#index = new StateIndex(desired, observed);
    const names = orderRoles(
      desired.roles.map(({ name, requires, factsFrom }) => ({ name, requires: [...requires, ...factsFrom] })),
    );
    const base = names.filter((name) => name === options.baseRole);
    this.order = [...base, ...names.filter((name) => name !== options.baseRole)].map((name) => this.role(name));
    this.exchanged = new Map(
      desired.nodes.flatMap((node) => {
        const why = node.power === 'on' && !this.isLeftAlone(node.name) ? this.#whyExchange(node) : null;
        return why === null ? [] : [[node.name, why] as const];
      }),
    );
    this.running = desired.nodes.filter(
      ({ name, power }) => power === 'on' && !this.exchanged.has(name) && !this.isLeftAlone(name),
    );
    this.certified = new Map(
      this.#bearingCertificates().flatMap((node) => {
        const why = this.#whyCertify(node);
        return why === null ? [] : [[node.name, why] as const];
      }),
    );
    const isEverywhere = options.certificates === 'trust' || options.certificates === 'drop';
    this.recertified = new Set(
      isEverywhere ? this.#bearingCertificates().map(({ name }) => name) : this.certified.keys(),
    );
  }

  /** True where what the run lays is made or changed by this plan, and so is not known yet. */
  awaitsCertificate({ name, certificate }: DesiredNode, key: string): boolean {
    return certificate?.keys.includes(key) === true && this.recertified.has(name);
  }

  role(name: string): PlannedRole {
    const role = this.#roles.get(name);
    if (role === undefined) throw new TypeError(`the desired state names the role ${name} but does not hold it`);
    return role;
  }

  isBase(role: string): boolean {
    return role === this.options.baseRole;
  }

  /** Running nodes that bear the role. */
  bearersOf(role: string): readonly DesiredNode[] {
    return this.running.filter((node) => node.roles.includes(role));
  }

  /** Every node that bears the role and is to run, those that are exchanged later too. */
  namesOf(role: string): readonly NodeName[] {
    return this.desired.nodes
      .filter((node) => node.power === 'on' && node.roles.includes(role))
      .map(({ name }) => name);
  }

  /** Nodes that are not wanted any more and have their place in the role's service until they leave, dead or alive. */
  leavingMembersOf(role: string): readonly NodeName[] {
    return this.observed.nodes
      .filter(({ name }) => this.wantedNode(name) === undefined && this.isListed(name, role))
      .map(({ name }) => name);
  }

  /** Who answers for the role while it changes: its nodes, and members that leave only after that. */
  peersOf(role: string): readonly NodeName[] {
    return [...this.namesOf(role), ...this.leavingMembersOf(role)];
  }

  machineOf(node: NodeName): ObservedMachine | undefined {
    return this.machinesOf(node).find(({ current }) => current);
  }

  /** Every machine of the node, those that were given up too. */
  machinesOf(node: NodeName): readonly ObservedMachine[] {
    return this.#index.machines.get(node) ?? [];
  }

  /** The node as it should be, where it is wanted at all. */
  wantedNode(name: NodeName): DesiredNode | undefined {
    return this.#index.desired.get(name);
  }

  isLeftAlone(node: NodeName): boolean {
    return this.options.leaveAlone?.has(node) === true;
  }

  /** True where the node gets a fresh machine for one that is dead, half made or was never there. */
  isRenewed(node: NodeName): boolean {
    if (this.isLeftAlone(node)) return false;
    const state = this.machineOf(node)?.state;
    return this.options.replace?.has(node) === true || (state !== 'on' && state !== 'off');
  }

  /** True where the machine is there and only has to be started. */
  isStarted(node: NodeName): boolean {
    return !this.isLeftAlone(node) && !this.isRenewed(node) && this.machineOf(node)?.state === 'off';
  }

  /** Runs, but was on its way to be off: its services have to be started, and its work given back. */
  isRoused(node: NodeName): boolean {
    const isOn = this.machineOf(node)?.state === 'on';
    return isOn && !this.isLeftAlone(node) && !this.isRenewed(node) && (this.options.roused?.has(node) ?? false);
  }

  /** What was applied on the machine that stays. */
  appliedOf(node: NodeName): Readonly<Record<string, Digest>> {
    return this.isRenewed(node) ? {} : (this.observed.applied[node] ?? {});
  }

  /** Whether a member list of the role may have the node; a role without a ready probe has no service to be in. */
  isListed(node: NodeName, role: string): boolean {
    if (this.#roles.get(role)?.hasReadyProbe !== true) return false;
    return this.#index.observed.get(node)?.memberOf.includes(role) === true;
  }

  /** Whether the node is in the role's service with the machine that it has. */
  isMember(node: NodeName, role: string): boolean {
    return this.isListed(node, role) && !this.isRenewed(node);
  }

  /** True where the role was ready before and has members left: it has a service that must not be broken. */
  isServing(role: string): boolean {
    return this.observed.nodes.some(({ name }) => this.isMember(name, role));
  }

  /**
   * What becomes of the data disks when the node gets another machine: kept where each can be read on one of its machines,
   * else lost; null where no machine of it had any. A living node's are lost: it gives its machine up to be another one.
   */
  disksOf(node: DesiredNode): 'kept' | 'lost' | null {
    const machines = this.machinesOf(node.name);
    const { dataDisksGiB } = node.shape;
    const had = machines.filter(({ shape }) => shape !== null && shape.dataDisksGiB.length > 0);
    if (had.length === 0) return null;
    if (this.exchanged.has(node.name) || had.some(({ shape }) => !sameSizes(shape?.dataDisksGiB ?? [], dataDisksGiB))) {
      return 'lost';
    }
    const readable = new Set(machines.flatMap(({ readableDisks = [] }) => readableDisks));
    return dataDisksGiB.every((_, index) => readable.has(index)) ? 'kept' : 'lost';
  }

  /** Roles, the base role aside, that were applied on the node's machine and are no longer its own. */
  lostRolesOf(node: DesiredNode): readonly string[] {
    return Object.keys(this.appliedOf(node.name)).filter((key) => key !== 'packages' && !node.roles.includes(key));
  }

  /** The role, where the cookbooks still have it. */
  knownRole(name: string): PlannedRole | undefined {
    return this.#roles.get(name);
  }

  /** In the order of the cluster. */
  #bearingCertificates(): readonly DesiredNode[] {
    return this.desired.nodes.filter(({ power, certificate }) => power === 'on' && certificate !== undefined);
  }

  /** The key of a machine that is given up may be known to whoever has it now. */
  #whyCertify({ name, certificate }: DesiredNode): string | null {
    if (certificate?.why !== null && certificate !== undefined) return certificate.why;
    if (this.isRenewed(name) || this.exchanged.has(name)) return 'it gets another machine';
    const { certificates } = this.options;
    if (certificates === 'sign') return 'another authority signs from now on';
    return certificates === 'issue' ? 'asked for' : null;
  }

  #whyExchange(node: DesiredNode): string | null {
    const machine = this.machineOf(node.name);
    if (machine === undefined || this.isRenewed(node.name)) return null;
    const stuck = this.lostRolesOf(node).find((name) => this.#roles.get(name)?.can.remove !== true);
    if (stuck !== undefined) return `the role ${stuck} cannot be cleaned off a living node`;
    if (machine.shape === null || sameShape(machine.shape, node.shape)) return null;
    if (!sameDisks(machine.shape, node.shape)) return 'its disks are to be others';
    return this.options.canResize === true ? null : 'this provider cannot change cores and memory of a machine';
  }
}

/** True where both ask for one and the same machine. */
export function sameShape(one: MachineShape, other: MachineShape): boolean {
  return (
    sameDisks(one, other) &&
    one.swapMiB === other.swapMiB &&
    one.size.cpuCount === other.size.cpuCount &&
    one.size.memoryMiB === other.size.memoryMiB
  );
}

function sameDisks(one: MachineShape, other: MachineShape): boolean {
  return one.size.diskGiB === other.size.diskGiB && sameSizes(one.dataDisksGiB, other.dataDisksGiB);
}

function sameSizes(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((size, index) => size === others[index]);
}
