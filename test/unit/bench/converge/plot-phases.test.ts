import { describe, expect, it } from 'vitest';
import { toCell } from '../../../../bench/converge/cells.mjs';
import { duration, logScale, plotPhases } from '../../../../bench/converge/plot-phases.mjs';

function cell(subject: string, wallMs: number, nodes = 20) {
  const cost = { controllerCpuMs: 1, nodesCpuMs: 1, upBytes: 0, downBytes: 0, peakMiB: 1, changes: 0 };
  const place = { variant: 'plain', nodes, delayMs: 0, subject, phase: 'second', startedAt: 'now' };
  return toCell(place, [{ ...cost, wallMs }]);
}

describe('logScale', () => {
  it('spans whole powers of ten', () => {
    const scale = logScale([300, 45_000]);

    expect(scale.ticks).toEqual([100, 1000, 10_000, 100_000]);
    expect(scale.at(100)).toBe(0);
    expect(scale.at(100_000)).toBe(1);
  });
});

describe('duration', () => {
  it.each([
    [412.4, '412 ms'],
    [1000, '1 s'],
    [1540, '1.5 s'],
    [61_200, '61 s'],
  ])('writes %d as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe('plotPhases', () => {
  it('draws a labelled bar for each tool at the size where most were measured', () => {
    const plot = plotPhases([cell('bde', 400), cell('ansible', 90_000), cell('bde', 300, 5)]);

    expect(plot).toContain('Wall time on 20 nodes');
    expect(plot.match(/<rect x=/g)).toHaveLength(2);
    expect(plot).toContain('>90 s<');
    expect(plot).not.toContain('>300 ms<');
  });

  it('says so where nothing was measured', () => {
    expect(plotPhases([])).toContain('Nothing was measured');
  });
});
