import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressNumber, isHostOf, networkRange, overlaps } from '../../../../src/spec/site/ipv4.js';

describe('networkRange', () => {
  it.each([
    ['10.77.3.0/24', '10.77.3.0', '10.77.3.255'],
    ['10.77.3.9/30', '10.77.3.8', '10.77.3.11'],
    ['255.255.255.254/30', '255.255.255.252', '255.255.255.255'],
  ])('of %s is %s to %s', (cidr, first, last) => {
    expect(networkRange(cidr)).toEqual({ first: addressNumber(first), last: addressNumber(last) });
  });

  it('holds its hosts and neither of its ends', () => {
    const range = networkRange('10.77.3.0/24');

    expect(isHostOf(range, '10.77.3.1')).toBe(true);
    expect(isHostOf(range, '10.77.3.0')).toBe(false);
    expect(isHostOf(range, '10.77.3.255')).toBe(false);
    expect(isHostOf(range, '10.77.4.1')).toBe(false);
  });
});

describe('overlaps', () => {
  it('is true exactly where some address lies in both', () => {
    const range = fc.tuple(fc.nat(12), fc.nat(5)).map(([first, length]) => ({ first, last: first + length }));
    fc.assert(
      fc.property(range, range, (one, other) => {
        const shared = Array.from({ length: 20 }, (_, address) => address).some(
          (address) => address >= one.first && address <= one.last && address >= other.first && address <= other.last,
        );

        expect(overlaps(one, other)).toBe(shared);
        expect(overlaps(other, one)).toBe(shared);
      }),
    );
  });
});
