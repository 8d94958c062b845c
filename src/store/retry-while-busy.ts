import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './store-errors.js';

/** How long writers wait for each other, all tries together, before they give up. A commit takes some 4 ms. */
const PATIENCE_MS = 15_000;
const LONGEST_PAUSE_MS = 50;

/**
 * The result of `attempt`, tried again with growing pauses while another process holds the file. The pauses leave the event loop
 * free, which SQLite's own busy handler would not.
 *
 * @throws what `attempt` threw last
 */
export async function retryWhileBusy<Result>(
  attempt: () => Result | Promise<Result>,
  patienceMs = PATIENCE_MS,
): Promise<Result> {
  const deadline = performance.now() + patienceMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
    }
    // Jitter, so that two writers do not meet for ever.
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}
