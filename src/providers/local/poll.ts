import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 10;

/** Asks every 10 ms until the answer is yes; false when it was not within that time. */
export async function poll(isDone: () => Promise<boolean> | boolean, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!(await isDone())) {
    if (performance.now() > end) return false;
    await sleep(STEP_MS);
  }
  return true;
}
