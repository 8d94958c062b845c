import { describe, expect, it } from 'vitest';
import { formatDuration, formatElapsed } from '../../../src/report/format-duration.js';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [-5, '0 ms'],
    [340.4, '340 ms'],
    [999.6, '1.0 s'],
    [4200, '4.2 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 00 s'],
    [65_000, '1 min 05 s'],
    [3_599_400, '59 min 59 s'],
    [3_599_600, '1 h 00 min'],
    [7_380_000, '2 h 03 min'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatElapsed', () => {
  it.each([
    [-1, '0:00'],
    [7999, '0:07'],
    [760_000, '12:40'],
    [3_723_000, '1:02:03'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatElapsed(ms)).toBe(text);
  });
});
