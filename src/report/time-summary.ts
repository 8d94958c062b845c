import type { ProgressView, StepProgress } from './progress.js';

/** Where the time of one kind of step went. */
export interface TimeShare {
  /** `clone`, `packages`, `converge`, … */
  readonly kind: string;
  /** Steps of this kind that ran. */
  readonly steps: number;
  /** Wall time during which at least one of them ran. Kinds overlap, so these do not add up to the whole. */
  readonly wallMs: number;
  readonly longestMs: number;
  /** Node of the longest one; null for steps of the cluster. */
  readonly longestNode: string | null;
}

/** One share per kind of step, the one that took most wall time first; steps that never ran or still do are left out. */
export function summarizeTime(view: ProgressView): readonly TimeShare[] {
  const byKind = new Map<string, RanStep[]>();
  for (const step of Object.values(view.steps)) {
    if (!hasRun(step)) continue;
    const alike = byKind.get(step.kind);
    if (alike === undefined) byKind.set(step.kind, [step]);
    else alike.push(step);
  }
  return [...byKind].map(([kind, steps]) => shareOf(kind, steps)).toSorted((a, b) => b.wallMs - a.wallMs);
}

type RanStep = StepProgress & { readonly startedAt: number; readonly endedAt: number };

function hasRun(step: StepProgress): step is RanStep {
  return step.startedAt !== null && step.endedAt !== null;
}

function shareOf(kind: string, steps: readonly RanStep[]): TimeShare {
  const longest = steps.reduce((best, step) => (lengthOf(step) > lengthOf(best) ? step : best));
  return { kind, steps: steps.length, wallMs: unionMs(steps), longestMs: lengthOf(longest), longestNode: longest.node };
}

function lengthOf(step: RanStep): number {
  return step.endedAt - step.startedAt;
}

/** Length of the union of the intervals. */
function unionMs(steps: readonly RanStep[]): number {
  let total = 0;
  let coveredUntil = 0;
  for (const { startedAt, endedAt } of steps.toSorted((a, b) => a.startedAt - b.startedAt)) {
    total += Math.max(0, endedAt - Math.max(startedAt, coveredUntil));
    coveredUntil = Math.max(coveredUntil, endedAt);
  }
  return total;
}
