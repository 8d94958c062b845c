import type { StepId } from '../errors/ids.js';
import { flattenSteps, type RollStep, type Step } from './plan.js';

/** How long a step took that ended well. */
export interface PastStep {
  readonly stepId: StepId;
  readonly durationMs: number;
  /** False where it found nothing to do. */
  readonly didWork: boolean;
}

/** How long a plan is expected to take, from what steps of the same kind and role took before. */
export interface PlanEstimate {
  /** Along the longest way through the steps; null where nothing like them ever ran. */
  readonly seconds: number | null;
  /** How many steps are not known, and count for nothing in `seconds`. */
  readonly unknownSteps: number;
  /** By step; null where nothing like it ever ran. */
  readonly steps: Readonly<Record<StepId, number | null>>;
}

/** Older ones say less of what is to come. */
const LATEST = 20;

/** The estimate for steps that are in an order that respects `after`; `past` is ordered by time. */
export function estimatePlan(steps: readonly Step[], past: readonly PastStep[]): PlanEstimate {
  const history = new History(past);
  const known = new Map(flattenSteps(steps).map((step) => [step.id, history.millisecondsOf(step)]));
  const ends = new Map<StepId, number>();
  for (const { id, after } of steps) {
    const begin = longest(after.map((each) => ends.get(each) ?? 0));
    ends.set(id, begin + (known.get(id) ?? 0));
  }
  const unknownSteps = steps.filter(({ id }) => known.get(id) === null).length;
  const isUnknown = steps.length > 0 && unknownSteps === steps.length;
  return {
    seconds: isUnknown ? null : inSeconds(longest(ends.values())),
    unknownSteps,
    steps: Object.fromEntries([...known].map(([id, ms]) => [id, ms === null ? null : inSeconds(ms)])),
  };
}

class History {
  readonly #byWork = new Map<string, PastStep[]>();

  constructor(past: readonly PastStep[]) {
    for (const step of past) {
      const work = workOf(step.stepId);
      this.#byWork.set(work, [...(this.#byWork.get(work) ?? []), step].slice(-2 * LATEST));
    }
  }

  millisecondsOf(step: Step): number | null {
    if (step.kind === 'roll') return this.#rollOf(step);
    const past = this.#byWork.get(workOf(step.id)) ?? [];
    // What is only asked for again mostly finds nothing to do; what is planned for another reason has some.
    const isRepeated = 'force' in step && step.force;
    const alike = past.filter(({ didWork }) => didWork !== isRepeated);
    return median((alike.length > 0 ? alike : past).slice(-LATEST).map(({ durationMs }) => durationMs));
  }

  /** Batch after batch, each as long as its longest member. */
  #rollOf({ members, maxUnavailable }: RollStep): number | null {
    const turns = members.map(({ steps }) => steps.map((step) => this.millisecondsOf(step)));
    if (turns.some((turn) => turn.includes(null))) return null;
    const lengths = turns.map((turn) => turn.reduce<number>((sum, ms) => sum + (ms ?? 0), 0));
    return Math.ceil(members.length / maxUnavailable) * longest(lengths);
  }
}

/** What a step does, whichever node it does it on: the kind, and the role or what is prepared. */
function workOf(id: StepId): string {
  const [kind = '', first = '', second = ''] = id.split('/');
  switch (kind) {
    case 'ready':
    case 'accept':
    case 'roll':
    case 'backup':
      return `${kind} ${first}`;
    case 'prepare':
      return id;
    default:
      return `${kind} ${second}`;
  }
}

/** By and by: an operation may wait for more steps than a call takes arguments. */
function longest(lengths: Iterable<number>): number {
  let most = 0;
  for (const length of lengths) most = Math.max(most, length);
  return most;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

function inSeconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
