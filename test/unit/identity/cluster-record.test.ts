import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterId } from '../../../src/errors/ids.js';
import { encodeEnvelope, isNewer, signedBytes, type RecordEnvelope } from '../../../src/identity/cluster-record.js';

const ENVELOPE: RecordEnvelope = {
  formatVersion: 1,
  clusterId: 'C1' as ClusterId,
  epoch: 3,
  count: 2,
  sealed: 'line 1\nline 2',
  signature: 'c2ln',
};

const aNumber = fc.record({ epoch: fc.nat(4), count: fc.nat(4) });

describe('isNewer', () => {
  it('looks at the epoch first and at the count within an epoch', () => {
    expect(isNewer({ epoch: 2, count: 0 }, { epoch: 1, count: 9 })).toBe(true);
    expect(isNewer({ epoch: 1, count: 9 }, { epoch: 2, count: 0 })).toBe(false);
    expect(isNewer({ epoch: 2, count: 1 }, { epoch: 2, count: 0 })).toBe(true);
    expect(isNewer({ epoch: 2, count: 1 }, { epoch: 2, count: 1 })).toBe(false);
  });

  it('holds for exactly one side of any two different numbers', () => {
    fc.assert(
      fc.property(aNumber, aNumber, (a, b) => {
        const isSame = a.epoch === b.epoch && a.count === b.count;

        return Number(isNewer(a, b)) + Number(isNewer(b, a)) === (isSame ? 0 : 1);
      }),
    );
  });

  it('is transitive', () => {
    fc.assert(fc.property(aNumber, aNumber, aNumber, (a, b, c) => !(isNewer(a, b) && isNewer(b, c)) || isNewer(a, c)));
  });

  it('sorts any numbers so that the last is the one to keep', () => {
    fc.assert(
      fc.property(fc.array(aNumber, { minLength: 1 }), (numbers) => {
        const [newest] = [...numbers].sort((a, b) => (isNewer(a, b) ? -1 : isNewer(b, a) ? 1 : 0));

        return newest !== undefined && numbers.every((number) => !isNewer(number, newest));
      }),
    );
  });
});

describe('encodeEnvelope', () => {
  it('spells an envelope as one line with its number near the front', () => {
    const text = encodeEnvelope(ENVELOPE).toString();

    expect(text).toBe(
      '{"formatVersion":1,"clusterId":"C1","epoch":3,"count":2,"sealed":"line 1\\nline 2","signature":"c2ln"}\n',
    );
  });
});

describe('signedBytes', () => {
  it('covers every field but the signature', () => {
    const bytes = signedBytes(ENVELOPE).toString();

    expect(bytes).toBe('bde cluster record\n[1,"C1",3,2,"line 1\\nline 2"]');
  });
});
