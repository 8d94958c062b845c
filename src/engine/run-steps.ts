import PQueue from 'p-queue';
import type { StepId } from '../errors/ids.js';
import type { Step } from '../plan/plan.js';
import type { Journal, JournalData } from './journal.js';
import type { StepState } from './ports/store.js';
import { Signal } from './signal.js';
import { StepOrder } from './step-order.js';

/** How a step ended well. */
export interface StepOutcome {
  readonly state: 'done' | 'unchanged';
  readonly detail: JournalData;
}

/** Performs one step; throws when it fails. */
export type PerformStep = (step: Step) => Promise<StepOutcome>;

/** What running steps needs. */
export interface RunStepsOptions {
  readonly journal: Journal;
  readonly perform: PerformStep;
  /** Called before each step is started: the moment to look whether `stopStarting` is due. */
  readonly listen?: () => Promise<void>;
  /** Aborted: no step is started any more; running ones end by themselves. */
  readonly stopStarting: AbortSignal;
  /** Aborted: running steps are left as they are, for a resume to look them up. */
  readonly abort: AbortSignal;
  /** Steps of these kinds that may run at once; others are not limited. */
  readonly limits: Readonly<Partial<Record<Step['kind'], number>>>;
  /** Steps to run though the journal knows them as ended well: what they made is no longer there. */
  readonly repeat?: ReadonlySet<StepId>;
  readonly onState: (step: Step, state: StepState, detail: JournalData) => Promise<void>;
}

/** How all the steps ended. */
export interface StepsResult {
  readonly states: ReadonlyMap<StepId, StepState>;
  /** Failures in the order in which they happened; the first is the root cause that counts. */
  readonly failures: readonly { readonly step: Step; readonly error: unknown }[];
  /** Why some steps did not get their turn or their end; null where none was kept from it. */
  readonly stoppedBy: { readonly reason: unknown } | null;
}

/**
 * Runs steps as soon as all that they come after ended well, side by side within the limits.
 *
 * A failed step blocks what comes after it and nothing else. Steps that the journal knows as ended well are not run again.
 */
export async function runSteps(steps: readonly Step[], options: RunStepsOptions): Promise<StepsResult> {
  return new StepsRun(steps, options).run();
}

class StepsRun {
  readonly #steps: readonly Step[];
  readonly #options: RunStepsOptions;
  readonly #states = new Map<StepId, StepState>();
  readonly #failures: { readonly step: Step; readonly error: unknown }[] = [];
  readonly #queues = new Map<Step['kind'], PQueue>();
  readonly #told = new Set<Promise<void>>();
  readonly #order: StepOrder;
  #inFlight = 0;
  #moved = new Signal();

  constructor(steps: readonly Step[], options: RunStepsOptions) {
    this.#steps = steps;
    this.#options = options;
    this.#order = new StepOrder(steps);
  }

  async run(): Promise<StepsResult> {
    const { abort } = this.#options;
    for (const step of this.#steps) this.#adoptPast(step);
    const onAbort = (): void => this.#moved.raise();
    abort.addEventListener('abort', onAbort);
    while (!abort.aborted) {
      this.#moved = new Signal();
      const blocked = await this.#markBlocked();
      const started = this.#startReady();
      if (this.#inFlight > 0) await this.#moved.raised;
      else if (!blocked && started === 0) break;
    }
    abort.removeEventListener('abort', onAbort);
    if (!abort.aborted) await this.#cancelRest();
    await Promise.all(this.#told);
    return { states: this.#states, failures: this.#failures, stoppedBy: this.#stoppedBy() };
  }

  #adoptPast(step: Step): void {
    const past = this.#options.journal.history(step.id).state;
    const isKept = isGood(past) && this.#options.repeat?.has(step.id) !== true;
    this.#note(step, isKept ? past : 'pending');
  }

  async #markBlocked(): Promise<boolean> {
    let any = false;
    for (let step = this.#order.takeBlocked(); step !== undefined; step = this.#order.takeBlocked()) {
      if (this.#states.get(step.id) !== 'pending') continue;
      const by = step.after.find((id) => isBad(this.#states.get(id)));
      await this.#setState(step, 'blocked', { by });
      any = true;
    }
    return any;
  }

  #startReady(): number {
    if (this.#options.stopStarting.aborted) return 0;
    const ready = this.#order.takeReady().filter((step) => this.#states.get(step.id) === 'pending');
    for (const step of ready) {
      this.#states.set(step.id, 'running');
      this.#inFlight += 1;
      void this.#runOne(step).finally(() => {
        this.#inFlight -= 1;
        this.#moved.raise();
      });
    }
    return ready.length;
  }

  async #runOne(step: Step): Promise<void> {
    try {
      const outcome = await this.#inQueue(step, async () => {
        await this.#options.listen?.();
        if (this.#options.stopStarting.aborted) return null;
        await this.#setState(step, 'running', {});
        return this.#options.perform(step);
      });
      if (outcome === null) this.#states.set(step.id, 'pending');
      else await this.#setState(step, outcome.state, outcome.detail);
    } catch (error) {
      await this.#endBadly(step, error);
    }
  }

  async #endBadly(step: Step, error: unknown): Promise<void> {
    const { abort, stopStarting } = this.#options;
    // Left as it is: its journal says `running`, and so a resume looks up what became of it.
    if (abort.aborted) return;
    const gaveUp = stopStarting.aborted && error === stopStarting.reason;
    if (!gaveUp) this.#failures.push({ step, error });
    const detail = { error: error instanceof Error ? error.message : String(error) };
    try {
      await this.#setState(step, gaveUp ? 'cancelled' : 'failed', detail);
    } catch (journalError) {
      // The journal may be what failed (a lost lease): both causes travel on.
      this.#note(step, 'failed');
      this.#failures.push({ step, error: journalError });
    }
  }

  #inQueue<Result>(step: Step, work: () => Promise<Result>): Promise<Result> {
    const limit = this.#options.limits[step.kind];
    if (limit === undefined) return work();
    let queue = this.#queues.get(step.kind);
    if (queue === undefined) {
      queue = new PQueue({ concurrency: limit });
      this.#queues.set(step.kind, queue);
    }
    return queue.add(work);
  }

  async #cancelRest(): Promise<void> {
    for (const step of this.#steps) {
      if (this.#states.get(step.id) === 'pending') await this.#setState(step, 'cancelled', {});
    }
  }

  async #setState(step: Step, state: StepState, detail: JournalData): Promise<void> {
    await this.#options.journal.step(step.id, state, detail);
    this.#note(step, state);
    const told = this.#options.onState(step, state, detail).finally(() => this.#told.delete(told));
    this.#told.add(told);
  }

  #note(step: Step, state: StepState): void {
    this.#states.set(step.id, state);
    if (isGood(state)) this.#order.pass(step.id);
    if (isBad(state)) this.#order.block(step.id);
  }

  #stoppedBy(): StepsResult['stoppedBy'] {
    const { abort, stopStarting } = this.#options;
    const isCut = [...this.#states.values()].some(
      (state) => !isGood(state) && state !== 'failed' && state !== 'blocked',
    );
    if (!isCut) return null;
    return { reason: abort.aborted ? abort.reason : stopStarting.reason };
  }
}

function isGood(state: StepState | undefined): boolean {
  return state === 'done' || state === 'unchanged';
}

function isBad(state: StepState | undefined): boolean {
  return state === 'failed' || state === 'blocked' || state === 'cancelled';
}
