import { describe, expect, it } from 'vitest';
import { allocateAddresses, formatIpv4, parseIpv4 } from '../../../src/plan/allocate-addresses.js';

const POOL = {
  network: 'nodes',
  range: ['10.1.0.10', '10.1.0.14'] as const,
  reserved: ['10.1.0.11'],
  foreign: ['10.1.0.12'],
};

describe('allocateAddresses', () => {
  it('gives the lowest free addresses in order', () => {
    expect(allocateAddresses(POOL, 2)).toEqual(['10.1.0.10', '10.1.0.13']);
  });

  it('refuses with numbers when the pool is too small', () => {
    expect(() => allocateAddresses(POOL, 4)).toThrow(
      'The network nodes has 3 free addresses in 10.1.0.10-10.1.0.14, 4 are needed: short by 1 ' +
        '(5 in the pool, 1 reserved, 1 answer but are not ours).',
    );
  });

  it('crosses octet boundaries', () => {
    const pool = { network: 'n', range: ['10.1.0.255', '10.1.1.1'] as const, reserved: [], foreign: [] };

    expect(allocateAddresses(pool, 3)).toEqual(['10.1.0.255', '10.1.1.0', '10.1.1.1']);
  });
});

describe('parseIpv4', () => {
  it('is undone by formatIpv4', () => {
    expect(formatIpv4(parseIpv4('203.0.113.254'))).toBe('203.0.113.254');
  });
});
