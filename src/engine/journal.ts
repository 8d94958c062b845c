import type { OperationId, StepId } from '../errors/ids.js';
import type { EffectName, FaultPoints } from './fault-points.js';
import type { Clock } from './ports/clock.js';
import type { Guard } from './ports/guard.js';
import type { JournalEntry, OperationTable, StepState } from './ports/store.js';

/** What an effect points at and gave; plain JSON, secrets never. */
export type JournalData = Readonly<Record<string, unknown>>;

/** An effect to perform under a step. */
export interface Effect<Result extends JournalData> {
  readonly stepId: StepId;
  readonly name: EffectName;
  /** What finds the effect in the world later: a machine id, a run id. */
  readonly ref: JournalData;
  readonly act: () => Promise<Result>;
}

/** What a journal says of one step. */
export interface StepHistory {
  /** Last state written; `pending` when none. */
  readonly state: StepState;
  readonly detail: JournalData;
  /** Reference of the last intent by effect kind, while no result was recorded for it. */
  readonly open: Readonly<Record<string, JournalData>>;
  /** Last result by effect kind that the step's present attempt recorded; empty once the step has ended. */
  readonly results: Readonly<Record<string, JournalData>>;
}

const NO_HISTORY: StepHistory = { state: 'pending', detail: {}, open: {}, results: {} };

/** Folds entries, in order of writing, into the history of each step. */
export function foldJournal(entries: readonly JournalEntry[]): ReadonlyMap<StepId, StepHistory> {
  const histories = new Map<StepId, StepHistory>();
  for (const entry of entries) {
    histories.set(entry.stepId, foldEntry(histories.get(entry.stepId) ?? NO_HISTORY, entry));
  }
  return histories;
}

function foldEntry(history: StepHistory, entry: JournalEntry): StepHistory {
  switch (entry.type) {
    case 'intent':
      return { ...history, open: { ...history.open, [entry.effect]: entry.ref } };
    case 'result': {
      const { [entry.effect]: _closed, ...open } = history.open;
      return { ...history, open, results: { ...history.results, [entry.effect]: entry.result } };
    }
    case 'step':
      return { ...history, state: entry.state, detail: entry.detail, results: resultsAfter(history, entry.state) };
  }
}

/** A step that runs on after its controller died goes on with what it has; one that had ended begins anew. */
function resultsAfter(history: StepHistory, state: StepState): StepHistory['results'] {
  return history.state === 'running' && state === 'running' ? history.results : {};
}

/** What a journal needs. */
export interface JournalDependencies {
  readonly operationId: OperationId;
  readonly epoch: number;
  readonly operations: OperationTable;
  readonly clock: Clock;
  readonly faults: FaultPoints;
  readonly guard: Guard;
}

/** The journal of one operation under one epoch: append-only, each write durable before the next act. */
export class Journal {
  readonly #deps: JournalDependencies;
  readonly #histories: Map<StepId, StepHistory>;

  constructor(deps: JournalDependencies, past: readonly JournalEntry[]) {
    this.#deps = deps;
    this.#histories = new Map(foldJournal(past));
  }

  /** What is known of a step, this process's own entries included. */
  history(stepId: StepId): StepHistory {
    return this.#histories.get(stepId) ?? NO_HISTORY;
  }

  /** Writes a step's state. */
  async step(stepId: StepId, state: StepState, detail: JournalData = {}): Promise<void> {
    await this.#append({ ...this.#head(), type: 'step', stepId, state, detail });
  }

  /** Intent, act, result, with a fault point before the act, before the record and after it. */
  async effect<Result extends JournalData>(effect: Effect<Result>): Promise<Result> {
    const { faults, guard } = this.#deps;
    const { stepId, name } = effect;
    await guard();
    await this.#append({ ...this.#head(), type: 'intent', stepId, effect: name.kind, ref: effect.ref });
    faults.reach(name, 'before');
    const result = await effect.act();
    faults.reach(name, 'after');
    await this.#append({ ...this.#head(), type: 'result', stepId, effect: name.kind, result });
    faults.reach(name, 'recorded');
    return result;
  }

  #head(): { operationId: OperationId; epoch: number; at: number } {
    return { operationId: this.#deps.operationId, epoch: this.#deps.epoch, at: this.#deps.clock.now() };
  }

  async #append(entry: JournalEntry): Promise<void> {
    await this.#deps.operations.append([entry]);
    this.#histories.set(entry.stepId, foldEntry(this.history(entry.stepId), entry));
  }
}
