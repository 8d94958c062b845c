import { describe, expect, it } from 'vitest';
import { compare, interleave, median, summarize } from '../../../bench/statistics.mjs';

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('summarize', () => {
  it('keeps median, minimum and every value in tenths', () => {
    expect(summarize([2.04, 1.26, 3])).toEqual({ median: 2, min: 1.3, all: [2, 1.3, 3] });
  });
});

describe('compare', () => {
  it('divides medians and minima', () => {
    expect(compare([10, 20, 90], [10, 16, 17])).toEqual({ medians: 1.25, minima: 1 });
  });
});

describe('interleave', () => {
  it('calls each subject in turn, as often as asked', async () => {
    const calls: string[] = [];
    const subject = (name: string) => (repetition: number) => {
      calls.push(`${name}${String(repetition)}`);
      return Promise.resolve(calls.length);
    };

    const results = await interleave(2, { a: subject('a'), b: subject('b') });

    expect(calls).toEqual(['a0', 'b0', 'a1', 'b1']);
    expect(results).toEqual({ a: [1, 3], b: [2, 4] });
  });
});
