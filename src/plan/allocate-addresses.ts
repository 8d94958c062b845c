import { BdeError } from '../errors/bde-error.js';

/** A pool of IPv4 addresses and what is taken in it. */
export interface AddressPool {
  readonly network: string;
  /** First and last, inclusive. */
  readonly range: readonly [string, string];
  readonly reserved: readonly string[];
  /** Addresses that answer and are not ours. */
  readonly foreign: readonly string[];
}

/** IPv4 text to number. */
export function parseIpv4(text: string): number {
  return text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** Number to IPv4 text. */
export function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** True for an address from the first to the last of a range, both included. */
export function isWithin(address: string, [first, last]: readonly [string, string]): boolean {
  const value = parseIpv4(address);
  return value >= parseIpv4(first) && value <= parseIpv4(last);
}

/**
 * The lowest free addresses of a pool, ascending, `count` of them.
 *
 * @throws BdeError `PREFLIGHT_FAILED` with what was asked, what is there and what is missing
 */
export function allocateAddresses(pool: AddressPool, count: number): readonly string[] {
  const taken = new Set([...pool.reserved, ...pool.foreign]);
  const free: string[] = [];
  const last = parseIpv4(pool.range[1]);
  for (let value = parseIpv4(pool.range[0]); value <= last && free.length < count; value += 1) {
    const address = formatIpv4(value);
    if (!taken.has(address)) free.push(address);
  }
  if (free.length < count) throw poolExhausted(pool, { asked: count, free: free.length });
  return free;
}

function poolExhausted(pool: AddressPool, numbers: { asked: number; free: number }): BdeError {
  const { asked, free } = numbers;
  const size = parseIpv4(pool.range[1]) - parseIpv4(pool.range[0]) + 1;
  return new BdeError(
    'PREFLIGHT_FAILED',
    `The network ${pool.network} has ${String(free)} free addresses in ${pool.range.join('-')}, ${String(asked)} are ` +
      `needed: short by ${String(asked - free)} (${String(size)} in the pool, ${String(pool.reserved.length)} reserved, ` +
      `${String(pool.foreign.length)} answer but are not ours).`,
    { hint: 'Delete a cluster that is not needed, free the foreign addresses, or widen the pool in the site file.' },
  );
}
