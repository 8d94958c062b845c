import { describe, expect, it } from 'vitest';
import { findCell, findPair, latestCells, mergeCells, toCell } from '../../../../bench/converge/cells.mjs';

const PLACE = {
  variant: 'plain',
  nodes: 5,
  delayMs: 0,
  subject: 'bde',
  phase: 'second',
  startedAt: 'then',
  beside: 'bde raw',
};
const SAMPLE = { wallMs: 10, controllerCpuMs: 4, nodesCpuMs: 2, upBytes: 100, downBytes: 50, peakMiB: 80, changes: 0 };

describe('toCell', () => {
  it('keeps median and minimum of every measure beside the place', () => {
    const cell = toCell(PLACE, [SAMPLE, { ...SAMPLE, wallMs: 30 }, { ...SAMPLE, wallMs: 20 }]);

    expect(cell).toMatchObject({ ...PLACE, repetitions: 3, wallMs: { median: 20, min: 10 }, peakMiB: { median: 80 } });
  });
});

describe('mergeCells', () => {
  it('replaces what was measured again beside the same tools and keeps the rest', () => {
    const alone = { ...PLACE, beside: 'bde' };
    const earlier = [toCell(PLACE, [SAMPLE]), toCell({ ...PLACE, subject: 'raw' }, [SAMPLE]), toCell(alone, [SAMPLE])];
    const later = [toCell({ ...PLACE, startedAt: 'now' }, [{ ...SAMPLE, wallMs: 7 }])];

    const merged = mergeCells(earlier, later);

    expect(merged.map(({ subject, startedAt }) => [subject, startedAt])).toEqual([
      ['raw', 'then'],
      ['bde', 'then'],
      ['bde', 'now'],
    ]);
  });
});

describe('findCell', () => {
  it('finds by place, whenever it was measured', () => {
    const cells = [toCell(PLACE, [SAMPLE])];

    const later = toCell({ ...PLACE, startedAt: 'now' }, [SAMPLE]);

    expect(findCell(cells, later)).toBe(cells[0]);
    expect(findCell(cells, { ...PLACE, nodes: 20 })).toBeUndefined();
  });
});

describe('latestCells', () => {
  it('keeps one cell of each place', () => {
    const cells = [toCell(PLACE, [SAMPLE]), toCell({ ...PLACE, beside: 'bde' }, [SAMPLE])];

    expect(latestCells(cells)).toEqual([cells[1]]);
  });
});

describe('findPair', () => {
  const bde = toCell(PLACE, [SAMPLE]);
  const raw = toCell({ ...PLACE, subject: 'raw' }, [SAMPLE]);
  const later = toCell({ ...PLACE, startedAt: 'now', beside: 'bde' }, [SAMPLE]);

  it('takes two that were measured in turn before a later one that was not', () => {
    expect(findPair([bde, raw, later], bde, raw)).toEqual([bde, raw]);
  });

  it('takes the latest of each where none were measured in turn', () => {
    expect(findPair([raw, later], bde, raw)).toEqual([later, raw]);
  });
});
