import type { Clock } from '../../src/engine/ports/clock.js';

/** A clock that stands still until it is moved, and counts its ids and its bytes. */
export interface FixedClock extends Clock {
  /** Moves both times on and wakes the sleepers whose time has come. */
  advance(ms: number): void;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Time as a test wants it. */
export function fixedClock(start = 1_700_000_000_000): FixedClock {
  let passed = 0;
  let ids = 0;
  let bytes = 0;
  let sleepers: Sleeper[] = [];
  return {
    now: () => start + passed,
    monotonicMs: () => passed,
    randomBytes: (count) => Uint8Array.from({ length: count }, () => (bytes = (bytes + 89) % 248)),
    newId: () => `ID${String((ids += 1)).padStart(4, '0')}`,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const onAbort = (): void => reject(signal?.reason as Error);
        const wake = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        };
        sleepers.push({ until: passed + ms, wake });
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    advance(ms) {
      passed += ms;
      const due = sleepers.filter((sleeper) => sleeper.until <= passed);
      sleepers = sleepers.filter((sleeper) => sleeper.until > passed);
      for (const sleeper of due) sleeper.wake();
    },
  };
}
