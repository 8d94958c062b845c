import { formatDuration } from './format-duration.js';
import { toOneLine } from './plain-text.js';
import { nameStep, placeOf } from './progress-rows.js';
import { ProgressLog, type ProgressEvent, type ProgressView, type StepProgress } from './progress.js';

/** Writes one timestamped line per state change, until the feed ends. Gives the last view. */
export async function showPlainProgress(
  feed: AsyncIterable<ProgressEvent>,
  write: (text: string) => void,
): Promise<ProgressView> {
  const view = new ProgressLog();
  for await (const event of feed) {
    const before = view.steps[event.stepId];
    view.note(event);
    const line = describeChange(before, view.steps[event.stepId]);
    if (line !== null) write(`${new Date(event.at).toISOString().slice(0, 19)}Z ${line}\n`);
  }
  return view;
}

/**
 * The change as a sentence: `lab-store-1 converge store: done in 4.2 s`. Null where there is nothing to say: a step that was
 * only planned, or one whose state and reason are as before.
 */
export function describeChange(before: StepProgress | undefined, after: StepProgress | undefined): string | null {
  if (after === undefined || after.state === 'pending') return null;
  if (before?.state === after.state && before.why === after.why) return null;
  const name = placeOf(after) === after.role ? after.kind : nameStep(after);
  return toOneLine(`${placeOf(after)} ${name}: ${describeState(after)}`);
}

function describeState(step: StepProgress): string {
  const why = step.why === null ? '' : `: ${step.why}`;
  switch (step.state) {
    case 'pending':
      return 'is planned';
    case 'running':
      return `runs${why}`;
    case 'waiting':
      return `waits${why}`;
    case 'done':
      return `done${tookText(step, ' in ')}`;
    case 'unchanged':
      return `unchanged${tookText(step, ' after ')}`;
    case 'failed':
      return `failed${tookText(step, ' after ')}${why}`;
    case 'blocked':
      return `blocked${why}`;
    case 'cancelled':
      return `cancelled${why}`;
  }
}

function tookText(step: StepProgress, word: string): string {
  if (step.startedAt === null || step.endedAt === null) return '';
  return word + formatDuration(step.endedAt - step.startedAt);
}
