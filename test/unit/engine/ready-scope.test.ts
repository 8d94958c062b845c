import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeResult } from '../../../src/engine/steps/ask-probe.js';
import { neededCount } from '../../../src/engine/steps/ready.js';

const RESULT = { argv: [], exitCode: 1, signal: null, timedOut: false, durationMs: 1, stdout: '', stderr: '' };

describe('neededCount', () => {
  it.each([
    ['each', 3, 3],
    ['quorum', 3, 2],
    ['quorum', 4, 3],
    ['quorum', 1, 1],
    ['any', 5, 1],
  ] as const)('for %s of %i nodes is %i', (scope, count, needed) => {
    expect(neededCount(scope, count)).toBe(needed);
  });

  it('of a quorum is more than any two halves can both have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (count) => {
        expect(2 * neededCount('quorum', count)).toBeGreaterThan(count);
        expect(neededCount('quorum', count)).toBeLessThanOrEqual(count);
      }),
    );
  });
});

describe('describeResult', () => {
  it.each([
    [{ ...RESULT, stdout: 'first\nlast\n' }, 'last'],
    [{ ...RESULT, stdout: 'out', stderr: 'err\n' }, 'err'],
    [RESULT, 'exit code 1, and it printed nothing'],
    [{ ...RESULT, timedOut: true, stdout: 'x' }, 'no answer in time'],
  ])('%#: is the last thing that was said', (result, text) => {
    expect(describeResult(result)).toBe(text);
  });
});
