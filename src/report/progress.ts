/** How a step stands, for people: `waiting` is `running` with a reason why nothing moves. */
export type ProgressState =
  'pending' | 'running' | 'waiting' | 'done' | 'unchanged' | 'failed' | 'blocked' | 'cancelled';

/** One state change of one step. */
export interface ProgressEvent {
  /** Wall time in milliseconds. */
  readonly at: number;
  readonly stepId: string;
  /** One word for what the step does: `clone`, `packages`, `converge`. */
  readonly kind: string;
  /** Absent for steps of the whole cluster. */
  readonly node?: string | undefined;
  readonly role?: string | undefined;
  readonly state: ProgressState;
  /** Why it waits, failed or is blocked: `store on lab-store-3 waits for quorum: 1 of 2`. */
  readonly why?: string | undefined;
  /** What it is at just now: `template[/etc/store/store.conf]`. */
  readonly text?: string | undefined;
}

/** The latest that is known of one step. Times are wall time in milliseconds. */
export interface StepProgress {
  readonly stepId: string;
  readonly kind: string;
  readonly node: string | null;
  readonly role: string | null;
  readonly state: ProgressState;
  /** When it entered its state. */
  readonly since: number;
  /** First time it ran in its latest attempt; null before that. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly why: string | null;
  readonly text: string | null;
}

/** All steps by id, in the order in which they were first heard of. */
export interface ProgressView {
  readonly steps: Readonly<Record<string, StepProgress>>;
}

/** What events came to so far. A view that grows: an operation on many nodes has more events than could each have one. */
export class ProgressLog implements ProgressView {
  readonly #steps: Record<string, StepProgress> = {};

  get steps(): ProgressView['steps'] {
    return this.#steps;
  }

  note(event: ProgressEvent): void {
    this.#steps[event.stepId] = foldStep(this.#steps[event.stepId], event);
  }
}

/** True for the states that a step does not leave by itself. */
export function isEnded(state: ProgressState): boolean {
  return ['done', 'unchanged', 'failed', 'blocked', 'cancelled'].includes(state);
}

function foldStep(before: StepProgress | undefined, event: ProgressEvent): StepProgress {
  return {
    stepId: event.stepId,
    kind: event.kind,
    node: event.node ?? null,
    role: event.role ?? null,
    state: event.state,
    since: before?.state === event.state ? before.since : event.at,
    startedAt: startOf(before, event),
    endedAt: isEnded(event.state) ? event.at : null,
    why: event.why ?? null,
    text: event.text ?? null,
  };
}

/** A step that had ended and runs again is a new attempt. */
function startOf(before: StepProgress | undefined, event: ProgressEvent): number | null {
  const earlier = before === undefined || (before.endedAt !== null && !isEnded(event.state)) ? null : before.startedAt;
  return earlier ?? (event.state === 'running' || event.state === 'waiting' ? event.at : null);
}
