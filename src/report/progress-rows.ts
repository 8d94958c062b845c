import { isEnded, type ProgressState, type ProgressView, type StepProgress } from './progress.js';

/** A place that steps work on, as one line shows it: a node, or for steps without one their role, or the cluster. */
export interface ProgressRow {
  readonly label: string;
  /** The most telling state of its steps; `done` when all ended well. */
  readonly state: ProgressState;
  /** `converge store`: the step that the state comes from. */
  readonly step: string;
  /** Since when that step has run; once all have ended, the first start. Null before any ran. */
  readonly startedAt: number | null;
  /** When the last step ended; null while any goes on. */
  readonly endedAt: number | null;
  /** Why it waits or failed, else what it is at; empty when there is nothing to add. */
  readonly note: string;
}

/** What decides when the steps of a place are in different states, and which rows come first on a small screen. */
const URGENCY: Readonly<Record<ProgressState, number>> = {
  failed: 0,
  running: 1,
  waiting: 2,
  blocked: 3,
  cancelled: 4,
  pending: 5,
  done: 6,
  unchanged: 6,
};

/** One row per place, in the order in which places were first heard of. */
export function listRows(view: ProgressView): readonly ProgressRow[] {
  const places = new Map<string, StepProgress[]>();
  for (const step of Object.values(view.steps)) {
    const label = placeOf(step);
    places.set(label, [...(places.get(label) ?? []), step]);
  }
  return [...places].map(([label, steps]) => rowOf(label, steps));
}

/** The same rows, failing ones first, then running, waiting, blocked, cancelled, pending, done; otherwise in their order. */
export function sortByUrgency(rows: readonly ProgressRow[]): readonly ProgressRow[] {
  return rows.toSorted((a, b) => URGENCY[a.state] - URGENCY[b.state]);
}

/** `converge store`, or `clone` for a step without a role. */
export function nameStep(step: StepProgress): string {
  return step.role === null ? step.kind : `${step.kind} ${step.role}`;
}

/** The node; without one the role; without that the cluster. */
export function placeOf(step: StepProgress): string {
  return step.node ?? step.role ?? 'cluster';
}

function rowOf(label: string, steps: readonly StepProgress[]): ProgressRow {
  const shown = mostTelling(steps);
  const hasEnded = steps.every((step) => isEnded(step.state));
  return {
    label,
    state: shown.state === 'unchanged' ? 'done' : shown.state,
    step: nameStep(shown),
    startedAt: hasEnded ? smallest(steps.map((step) => step.startedAt)) : shown.startedAt,
    endedAt: hasEnded ? Math.max(...steps.map((step) => step.endedAt ?? 0)) : null,
    note: shown.why ?? shown.text ?? '',
  };
}

/** The most urgent step; of pending ones the first, else the one whose state is newest. */
function mostTelling(steps: readonly StepProgress[]): StepProgress {
  return steps.reduce((best, step) => {
    const difference = URGENCY[step.state] - URGENCY[best.state];
    const isNewer = step.state !== 'pending' && step.since >= best.since;
    return difference < 0 || (difference === 0 && isNewer) ? step : best;
  });
}

function smallest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
