import type { EventRecord } from '../engine/ports/store.js';

/** One event as one line. */
export function renderEvent(event: EventRecord): string {
  const why = typeof event.data['error'] === 'string' ? `: ${event.data['error']}` : '';
  return `${new Date(event.at).toISOString()}  ${event.text}${why}`;
}
