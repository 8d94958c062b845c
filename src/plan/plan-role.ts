import type { NodeName, StepId } from '../errors/ids.js';
import type { ClusterView } from './cluster-view.js';
import type { DesiredNode, PlannedRole } from './desired.js';
import { stepId, type ConvergeStep, type JoinStep, type ReadyStep } from './plan.js';
import { RollPlan } from './plan-roll.js';
import { convergeStep } from './run-steps-of-node.js';
import { restartStep, startStep, stopStep } from './service-steps.js';
import { distinct, type StepList } from './step-list.js';

/**
 * The work of one role. Peers of a role that was never ready converge side by side. In a role that serves, new members
 * come first (one at a time where they join or a majority counts), then members that change roll.
 */
export function planRole(view: ClusterView, list: StepList, role: PlannedRole): void {
  const waits = list.settledOf([...role.requires, ...role.factsFrom]);
  const nodes = view.bearersOf(role.name);
  const plan = new RolePlan(view, list, { role, waits });
  if (!role.hasReadyProbe || !view.isServing(role.name)) plan.bootstrap(nodes);
  else plan.change(nodes);
}

/** Waits until a role answers on these nodes, as its scope asks. */
export function readyStep(
  role: string,
  nodes: readonly NodeName[],
  given: { readonly id?: StepId; readonly after: readonly StepId[]; readonly why: string },
): ReadyStep {
  return { kind: 'ready', id: stepId('ready', role), role, nodes, ...given };
}

/** From so many runs on, one step waits for all of them. */
const GATHERED_FROM = 50;

/**
 * What those have to wait for who wait for the runs of a role that has no probe. Many runs end in one step, or else each of
 * many nodes would wait for each of them.
 */
export function gatherRuns(
  view: ClusterView,
  list: StepList,
  { role: { name }, runs }: { readonly role: PlannedRole; readonly runs: readonly StepId[] },
): readonly StepId[] {
  const isAwaited = view.order.some(({ requires, factsFrom }) => requires.includes(name) || factsFrom.includes(name));
  if (!isAwaited || runs.length < GATHERED_FROM) return runs;
  const why = `${String(runs.length)} of its nodes converge, and others wait for them`;
  return [list.add(readyStep(name, view.namesOf(name), { after: runs, why }))];
}

/** Lets a node in by a peer, waiting for nothing yet. */
export function joinStep(node: NodeName, role: string, peers: readonly NodeName[]): JoinStep {
  const why = 'the role is in service, and the node is new to it';
  return { kind: 'join', id: stepId('join', node, role), node, role, peers, after: [], why };
}

class RolePlan {
  readonly #view: ClusterView;
  readonly #list: StepList;
  readonly #role: PlannedRole;
  readonly #waits: readonly StepId[];
  readonly #rolling: RollPlan;

  constructor(
    view: ClusterView,
    list: StepList,
    given: { readonly role: PlannedRole; readonly waits: readonly StepId[] },
  ) {
    this.#view = view;
    this.#list = list;
    this.#role = given.role;
    this.#waits = given.waits;
    this.#rolling = new RollPlan(view, list, given.role);
  }

  bootstrap(nodes: readonly DesiredNode[]): void {
    const runs = nodes.flatMap((node) => this.#converge(node, []));
    const restarts = this.#restartSideBySide(nodes);
    const work = [...runs, ...restarts, ...this.#rouse(nodes)];
    this.#settle(this.#readiness(nodes, work) ?? gatherRuns(this.#view, this.#list, { role: this.#role, runs: work }));
  }

  change(nodes: readonly DesiredNode[]): void {
    const { name } = this.#role;
    const fresh = nodes.filter((node) => !this.#view.isMember(node.name, name));
    const old = nodes.filter((node) => this.#view.isMember(node.name, name));
    if (hasFixedMajority(this.#role) && canDecide(old.length, nodes.length)) {
      this.#changeMajority(old, fresh);
      return;
    }
    const joined = this.#isOneAtATime() ? this.#joinInTurn(fresh) : this.#joinTogether(fresh);
    this.#changeOld(old, { turn: joined, peers: this.#view.peersOf(name) });
  }

  /**
   * Where the majority stands in the members' own files, it is raised before more of them are there, and lowered once fewer
   * are: too high a number only waits, too low a one lets two parts decide apart from each other. Members that come again
   * change no number.
   */
  #changeMajority(old: readonly DesiredNode[], fresh: readonly DesiredNode[]): void {
    const { name } = this.#role;
    const returning = fresh.filter((node) => this.#view.isListed(node.name, name));
    const added = fresh.filter((node) => !returning.includes(node));
    const leavers = leaversOf(this.#view, name);
    const stopped = leavers.map((node) =>
      this.#list.addFor(node, { ...stopStep(node, name), after: this.#list.lastOf(node), why: FEWER }),
    );
    const back = this.#joinInTurn(returning);
    const gone: readonly NodeName[] = [...added.map((node) => node.name), ...leavers];
    const peers = this.#view.peersOf(name).filter((peer) => !gone.includes(peer));
    const changed = this.#changeOld(old, { turn: [...stopped, ...back], peers });
    this.#settle([...changed, ...this.#joinInTurn(added, changed)]);
  }

  /** Readiness of members that start, then the roll of those that change. */
  #changeOld(
    old: readonly DesiredNode[],
    { turn, peers }: { readonly turn: readonly StepId[]; readonly peers: readonly NodeName[] },
  ): readonly StepId[] {
    this.#rouse(old);
    const ready = this.#readiness(old, []) ?? [];
    const changing = old.filter((node) => this.#rolling.changes(node));
    const rolled = this.#rolling.roll(changing, { waits: [...this.#waits, ...turn, ...ready], peers });
    const again = ready.length > 0 ? [] : this.#readinessAgain(old, { changing, rolled });
    const all = [...turn, ...ready, ...rolled, ...again];
    this.#settle(all);
    return all;
  }

  /** What is only asked for again may change nothing: then nobody has waited for the role to answer. */
  #readinessAgain(
    old: readonly DesiredNode[],
    { changing, rolled }: { readonly changing: readonly DesiredNode[]; readonly rolled: readonly StepId[] },
  ): readonly StepId[] {
    const repeated = changing.filter((node) => this.#needed(node)?.force === true);
    return repeated.length === 0 ? [] : (this.#readiness(old, rolled) ?? []);
  }

  #isOneAtATime(): boolean {
    return this.#role.can.join || this.#role.update.quorum;
  }

  #needed(node: DesiredNode): ConvergeStep | null {
    return convergeStep(this.#view, this.#list, { node, role: this.#role });
  }

  #converge(node: DesiredNode, waits: readonly StepId[]): readonly StepId[] {
    const step = this.#needed(node);
    if (step === null) return [];
    const after = distinct(this.#list.lastOf(node.name), this.#waits, waits);
    this.#list.noteWork(this.#role.name, node.name);
    return [this.#list.addFor(node.name, { ...step, after })];
  }

  /** Asked for where one of its nodes ran, was started or was never ready, for only then can it be unready. */
  #readiness(nodes: readonly DesiredNode[], runs: readonly StepId[]): readonly StepId[] | null {
    const { name, hasReadyProbe } = this.#role;
    const started = nodes.filter(({ name: node }) => this.#view.isStarted(node) || this.#view.isRoused(node));
    const newcomers = nodes.filter((node) => !this.#view.isMember(node.name, name));
    if (!hasReadyProbe || runs.length + started.length + newcomers.length === 0) return null;
    const why =
      runs.length > 0
        ? `${String(runs.length)} of its nodes converge`
        : started.length > 0
          ? `${String(started.length)} of its nodes start`
          : 'it was never ready';
    const after = distinct(
      runs,
      ...[...started, ...newcomers].map((node) => this.#list.lastOf(node.name)),
      this.#waits,
    );
    const asked = nodes.map((node) => node.name);
    return [this.#list.add(readyStep(name, asked, { after, why }))];
  }

  #joinInTurn(fresh: readonly DesiredNode[], after: readonly StepId[] = []): readonly StepId[] {
    let turn: readonly StepId[] = distinct(this.#list.settledOf([`leave ${this.#role.name}`]), after);
    for (const node of fresh) turn = this.#joinOne(node, turn);
    return fresh.length === 0 ? [] : turn;
  }

  #joinOne(node: DesiredNode, turn: readonly StepId[]): readonly StepId[] {
    const { name, can } = this.#role;
    this.#converge(node, turn);
    let last = distinct(this.#list.lastOf(node.name), turn);
    const peers = this.#view.peersOf(name).filter((peer) => peer !== node.name);
    if (can.join && peers.length > 0) {
      last = [this.#list.addFor(node.name, { ...joinStep(node.name, name, peers), after: last })];
    }
    const id = stepId('ready', name, node.name);
    return [this.#list.add(readyStep(name, [node.name], { id, after: last, why: 'the next member comes after it' }))];
  }

  #joinTogether(fresh: readonly DesiredNode[]): readonly StepId[] {
    if (fresh.length === 0) return [];
    for (const node of fresh) this.#converge(node, []);
    const { name, isAnyEnough } = this.#role;
    const asked = isAnyEnough ? this.#view.namesOf(name) : fresh.map((node) => node.name);
    const why = `${String(fresh.length)} of its nodes are new`;
    const after = distinct(...fresh.map((node) => this.#list.lastOf(node.name)), this.#waits);
    return [this.#list.add(readyStep(name, asked, { id: stepId('ready', name, 'new'), after, why }))];
  }

  #restartSideBySide(nodes: readonly DesiredNode[]): readonly StepId[] {
    return nodes
      .filter((node) => this.#rolling.restarts(node))
      .map((node) => {
        const after = distinct(this.#list.lastOf(node.name), this.#waits);
        return this.#list.addFor(node.name, { ...restartStep(node.name, this.#role.name), after });
      });
  }

  /** Starts the services of nodes that were on their way to be off. */
  #rouse(nodes: readonly DesiredNode[]): readonly StepId[] {
    if (this.#view.isBase(this.#role.name)) return [];
    return nodes
      .filter((node) => this.#view.isRoused(node.name))
      .map((node) => {
        const after = distinct(this.#list.lastOf(node.name), this.#waits);
        return this.#list.addFor(node.name, { ...startStep(node.name, this.#role.name), after, why: ROUSED });
      });
  }

  #settle(ids: readonly StepId[]): void {
    if (ids.length > 0) this.#list.settle(this.#role.name, ids);
  }
}

/** Decides by a majority that nobody tells it of, but its own files. */
function hasFixedMajority({ update, can }: PlannedRole): boolean {
  return update.quorum && !can.join && !can.leave;
}

/**
 * Whether those that are there suffice for the majority that there is to be. Where they do not, raising it would end their
 * service, for new ones learn from a majority that knows: then new ones come first, fail, and leave the others as they are.
 */
function canDecide(before: number, after: number): boolean {
  return Math.floor(after / 2) + 1 <= before;
}

/** Members that run and are to be none any more. */
function leaversOf(view: ClusterView, role: string): readonly NodeName[] {
  const isLeaving = (name: NodeName): boolean => {
    const wanted = view.wantedNode(name);
    return wanted === undefined || view.lostRolesOf(wanted).includes(role);
  };
  return view.observed.nodes
    .map(({ name }) => name)
    .filter((name) => view.isMember(name, role) && view.machineOf(name)?.state === 'on' && isLeaving(name));
}

const FEWER = 'it is not to decide any more once the others need fewer';

const ROUSED = 'the node was to be off, and is to run again';
