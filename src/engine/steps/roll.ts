import PQueue from 'p-queue';
import { BdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import type { ConvergeStep, MemberStep, PackagesStep, RollStep } from '../../plan/plan.js';
import { chooseBatch } from '../../plan/choose-batch.js';
import type { OperationContext } from '../context.js';
import { announceStep } from '../announce.js';
import type { StepOutcome } from '../run-steps.js';
import { compileProbes, pollNodes, silentIn, type NodeProbes, type Poll } from './ask-probe.js';
import { findsNothing, isAppliedStep } from './converge.js';
import { pause } from './pause.js';
import { emitWaiting } from './ready.js';

type Member = RollStep['members'][number];

/** Performs one step of a member. */
export type PerformMemberStep = (step: MemberStep) => Promise<StepOutcome>;

/**
 * Changes the members of a role that is in service, some at a time: the next ones are chosen only while enough of the role
 * answers, the leader last. A member that fails, or does not come back, stops it: the others stay as they are.
 *
 * @throws BdeError `READY_TIMEOUT`, those of the members' steps
 */
export async function performRollStep(
  step: RollStep,
  context: OperationContext,
  perform: PerformMemberStep,
): Promise<StepOutcome> {
  const nodes = step.peers;
  const ready = await compileProbes({ role: step.role, nodes, which: 'ready' }, context);
  const leader = await compileProbes({ role: step.role, nodes, which: 'leader' }, context);
  return new Roll(step, context, { ready, leader, perform }).run();
}

interface RollParts {
  readonly ready: NodeProbes;
  readonly leader: NodeProbes;
  readonly perform: PerformMemberStep;
}

class Roll {
  readonly #step: RollStep;
  readonly #context: OperationContext;
  readonly #parts: RollParts;
  #changed = 0;
  /** Members that did not answer when their turn came. */
  readonly #down = new Set<NodeName>();

  constructor(step: RollStep, context: OperationContext, parts: RollParts) {
    this.#step = step;
    this.#context = context;
    this.#parts = parts;
  }

  async run(): Promise<StepOutcome> {
    const left = new Map(this.#step.members.map((member) => [member.node, member]));
    for (const member of this.#step.members) if (await this.#isDone(member)) left.delete(member.node);
    for (const member of await this.#lookAhead([...left.values()])) left.delete(member.node);
    while (left.size > 0) {
      const batch = this.#begun(left) ?? (await this.#nextBatch([...left.keys()]));
      await this.#note(batch);
      await this.#changeAll(batch.flatMap((node) => left.get(node) ?? []));
      for (const node of batch) left.delete(node);
    }
    if (this.#changed > 0) await this.#untilAllAnswer();
    return { state: this.#changed === 0 ? 'unchanged' : 'done', detail: { changed: this.#changed } };
  }

  /**
   * Members that are only asked for again are looked at side by side: those on which nothing would change need no turn.
   * Gives these, ended.
   */
  async #lookAhead(members: readonly Member[]): Promise<readonly Member[]> {
    const queue = new PQueue({ concurrency: this.#context.deps.limits.convergesAtOnce });
    const asked = members.filter((member) => this.#isOnlyAsked(member));
    const looks = await Promise.allSettled(asked.map((member) => queue.add(() => this.#endIdle(member))));
    const failed = looks.find((look) => look.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const idle = looks.map((look) => look.status === 'fulfilled' && look.value);
    return asked.filter((_, index) => idle[index]);
  }

  #isOnlyAsked({ steps }: Member): boolean {
    const isPending = steps.every((step) => this.#context.journal.history(step.id).state === 'pending');
    const runs = steps.filter(hasDigest);
    return isPending && runs.some(({ force }) => force) && steps.every((step) => hasDigest(step) || isAround(step));
  }

  async #endIdle({ steps }: Member): Promise<boolean> {
    this.#context.stopStarting.throwIfAborted();
    // One after the other: a node admits one run at a time.
    for (const step of steps.filter(hasDigest)) if (!(await findsNothing(step, this.#context))) return false;
    for (const step of steps) await this.#perform(step, !this.#exportsFacts(step));
    return true;
  }

  /** A check does not ask for facts: where all is as it should be, a run that does changes nothing either. */
  #exportsFacts(step: MemberStep): boolean {
    return step.kind === 'converge' && Object.keys(this.#context.workspace.role(step.role).facts).length > 0;
  }

  /** Done in an earlier attempt, with nothing lost since. */
  async #isDone({ steps }: Member): Promise<boolean> {
    const { journal } = this.#context;
    const states = steps.map((step) => journal.history(step.id).state);
    if (!states.every((state) => state === 'done' || state === 'unchanged')) return false;
    const applied = await Promise.all(steps.map((step) => isAppliedStep(step, this.#context)));
    return applied.every((each) => each !== false);
  }

  /** Those that an earlier controller had in hand come first: they are down already, or about to be. */
  #begun(left: ReadonlyMap<NodeName, Member>): readonly NodeName[] | null {
    const begun = [...left.values()].filter(({ steps }) =>
      steps.some((step) => this.#context.journal.history(step.id).state !== 'pending'),
    );
    return begun.length === 0 ? null : begun.map(({ node }) => node);
  }

  async #nextBatch(left: readonly NodeName[]): Promise<readonly NodeName[]> {
    return this.#waitFor(async (poll) => {
      const leaders = await this.#leadersAmong(left);
      const batch = chooseBatch({ ...this.#bounds(), left, ready: poll.ready, leaders, isBegun: this.#changed > 0 });
      for (const node of batch ?? []) if (!poll.ready.includes(node)) this.#down.add(node);
      return batch;
    });
  }

  #bounds() {
    const { peers, maxUnavailable } = this.#step;
    return { peers, maxUnavailable, isAnyEnough: this.#isAnyEnough() };
  }

  #isAnyEnough(): boolean {
    return this.#context.workspace.role(this.#step.role).ready?.scope === 'any';
  }

  async #leadersAmong(nodes: readonly NodeName[]): Promise<readonly NodeName[]> {
    const probes = new Map([...this.#parts.leader].filter(([node]) => nodes.includes(node)));
    return nodes.length < 2 || probes.size === 0 ? [] : (await pollNodes(probes, this.#context)).ready;
  }

  async #untilAllAnswer(): Promise<void> {
    const needed = this.#isAnyEnough() ? 1 : this.#step.members.length;
    const members = this.#step.members.map(({ node }) => node);
    await this.#waitFor(({ ready }) => {
      const back = this.#isAnyEnough() ? ready : members.filter((node) => ready.includes(node));
      return Promise.resolve(back.length >= needed ? back : null);
    });
  }

  /** Polls the role until `decide` gives something, for as long as the role may take to become ready. */
  async #waitFor<Decision>(decide: (poll: Poll) => Promise<Decision | null>): Promise<Decision> {
    const { clock } = this.#context.deps;
    const role = this.#context.workspace.role(this.#step.role);
    const deadlineMs = clock.monotonicMs() + (role.ready?.withinSeconds ?? 60) * 1000;
    let said = '';
    for (;;) {
      this.#context.stopStarting.throwIfAborted();
      const poll = await pollNodes(this.#parts.ready, this.#context);
      const decision = await decide(poll);
      if (decision !== null) return decision;
      if (clock.monotonicMs() > deadlineMs) throw this.#tooFew(poll);
      const text = `${this.#step.role} waits: ${String(poll.ready.length)} of ${String(this.#step.peers.length)} answer`;
      if (text !== said) await emitWaiting(this.#step, this.#context, text);
      said = text;
      await pause(this.#context);
    }
  }

  async #note(batch: readonly NodeName[]): Promise<void> {
    await this.#context.journal.step(this.#step.id, 'running', { chosen: batch });
  }

  /** Side by side; what one of them fails with ends the whole, once all of them are at rest. */
  async #changeAll(members: readonly Member[]): Promise<void> {
    const ends = await Promise.allSettled(members.map((member) => this.#change(member)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #change({ steps }: Member): Promise<void> {
    const isIdle = await this.#isIdle(steps);
    if (!isIdle) this.#changed += 1;
    for (const step of steps) await this.#perform(this.#asFound(step), isIdle);
  }

  /** A member that is down has no work to lose, and may be so ill that it cannot even say so. */
  #asFound(step: MemberStep): MemberStep {
    return step.kind === 'drain' && this.#down.has(step.node) ? { ...step, isLenient: true } : step;
  }

  /** What turned out equal when its turn came needs neither drain nor run, unless an earlier controller began with it. */
  async #isIdle(steps: Member['steps']): Promise<boolean> {
    if (steps.some((step) => this.#context.journal.history(step.id).state !== 'pending')) return false;
    const applied = await Promise.all(steps.map((step) => isAppliedStep(step, this.#context)));
    return steps.every((step, index) => (hasDigest(step) ? applied[index] === true : isAround(step)));
  }

  async #perform(step: MemberStep, isIdle: boolean): Promise<void> {
    const past = this.#context.journal.history(step.id).state;
    if (past === 'done' && !hasDigest(step)) return;
    if (isIdle) return this.#end(step, { state: 'unchanged', detail: {} });
    await this.#tell(step, 'running', {});
    try {
      await this.#end(step, await this.#parts.perform(step));
    } catch (error) {
      // Left as it is where all is dropped: its journal says `running`, and so a resume looks up what became of it.
      if (!this.#context.signal.aborted) await this.#tell(step, 'failed', { error: String(error) });
      throw error;
    }
  }

  #end(step: MemberStep, { state, detail }: StepOutcome): Promise<void> {
    return this.#tell(step, state, detail);
  }

  async #tell(
    step: MemberStep,
    state: StepOutcome['state'] | 'running' | 'failed',
    detail: StepOutcome['detail'],
  ): Promise<void> {
    const { deps, journal, cluster, operation } = this.#context;
    await journal.step(step.id, state, detail);
    await announceStep(deps, { clusterId: cluster.id, operationId: operation.id }, { step, state, detail });
  }

  #tooFew(poll: Poll): BdeError {
    const { id, role, peers, maxUnavailable } = this.#step;
    const cluster = this.#context.cluster.name;
    const answers = [...poll.waiting].map(([node, why]) => `${node}: ${why}`).join('; ');
    return new BdeError(
      'READY_TIMEOUT',
      `The rolling step of ${role} stopped: ${String(poll.ready.length)} of ${String(peers.length)} members answer, and at most ` +
        `${String(maxUnavailable)} may be down (${answers}).`,
      {
        subject: { cluster, role, step: id },
        hint: `Mend these nodes, then run bde cluster resume ${cluster}.`,
        data: silentIn(poll),
      },
    );
  }
}

function hasDigest(step: MemberStep): step is ConvergeStep | PackagesStep {
  return step.kind === 'converge' || step.kind === 'packages';
}

/** What only surrounds a change. */
function isAround(step: MemberStep): boolean {
  return step.kind === 'drain' || step.kind === 'undrain';
}
