import { ProgressLog, type ProgressEvent, type ProgressView } from '../../../src/report/progress.js';

/** The view after these events. */
export function progressOf(events: readonly ProgressEvent[]): ProgressView {
  const log = new ProgressLog();
  for (const event of events) log.note(event);
  return log;
}
