import { setTimeout as pause } from 'node:timers/promises';

/** How long a condition may take on a slow, shared host before a test gives up on it. */
const GENEROUS_MS = 180_000;

/**
 * Asks again and again until `ask` gives something other than undefined or false, and gives that back.
 *
 * @throws Error that names `what` and the last answer's failure, after a generous time
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  options: { readonly withinMs?: number; readonly everyMs?: number } = {},
): Promise<Answer> {
  const { withinMs = GENEROUS_MS, everyMs = 100 } = options;
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadlineMs) throw new Error(`${what}: not within ${String(withinMs)} ms`);
    await pause(everyMs);
  }
}
