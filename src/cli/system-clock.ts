import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../engine/ports/clock.js';

const ULID_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The machine's own clock and randomness. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  },
  newId: () => newUlid(Date.now()),
  randomBytes: (count) => randomBytes(count),
};

/** A ULID: 10 characters of time, 16 of randomness. Source: https://github.com/ulid/spec */
export function newUlid(nowMs: number): string {
  let time = '';
  for (let rest = nowMs, place = 0; place < 10; place += 1, rest = Math.floor(rest / 32)) {
    time = (ULID_ALPHABET[rest % 32] ?? '') + time;
  }
  return time + [...randomBytes(16)].map((byte) => ULID_ALPHABET[byte % 32] ?? '').join('');
}
