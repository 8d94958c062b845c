import { describe, expect, it } from 'vitest';
import { toCell } from '../../../../bench/converge/cells.mjs';
import { costPerNode, ratiosOf, roundTripsOf } from '../../../../bench/converge/targets.mjs';

function cell(subject: string, phase: string, wallMs: readonly number[], rest: object = {}) {
  const place = { variant: 'plain', nodes: 20, delayMs: 0, startedAt: 'now', subject, phase, ...rest };
  const cost = { controllerCpuMs: 400, nodesCpuMs: 200, upBytes: 0, downBytes: 0, peakMiB: 100, changes: 0 };
  return toCell(
    place,
    wallMs.map((each) => ({ ...cost, wallMs: each })),
  );
}

describe('ratiosOf', () => {
  it('says how many times as long a peer takes, of medians and minima', () => {
    const ratios = ratiosOf([cell('bde', 'second', [100, 200, 300]), cell('pyinfra', 'second', [1000, 1600, 1700])]);

    expect(ratios).toMatchObject([
      {
        subject: 'bde',
        peer: 'pyinfra',
        phase: 'second',
        medians: 8,
        minima: 10,
        atLeast: 5,
        met: true,
        together: true,
      },
    ]);
  });

  it('counts a peer that is too quick as a miss', () => {
    const [ratio] = ratiosOf([cell('bde', 'second', [100]), cell('raw', 'second', [90])]);

    expect(ratio).toMatchObject({ medians: 0.9, met: false });
  });

  it('tells sides that were not measured in turn', () => {
    const [ratio] = ratiosOf([cell('bde', 'second', [100]), cell('raw', 'second', [190], { startedAt: 'before' })]);

    expect(ratio).toMatchObject({ together: false });
  });

  it('compares only what was measured at one place', () => {
    expect(ratiosOf([cell('bde', 'second', [100]), cell('raw', 'second', [90], { nodes: 5 })])).toEqual([]);
  });
});

describe('roundTripsOf', () => {
  it('divides what a run takes longer by the longest delay', () => {
    const cells = [0, 20, 100].map((delayMs) => cell('bde', 'second', [500 + 12 * delayMs], { delayMs }));

    expect(roundTripsOf(cells)).toEqual([
      { variant: 'plain', nodes: 20, delayMs: 100, subject: 'bde', phase: 'second', trips: 12 },
    ]);
  });

  it('says nothing where no run without delay is there', () => {
    expect(roundTripsOf([cell('bde', 'second', [500], { delayMs: 100 })])).toEqual([]);
  });
});

describe('costPerNode', () => {
  it('divides by the nodes and orders by their number', () => {
    const cells = [
      cell('bde', 'second', [1000]),
      cell('bde', 'second', [500], { nodes: 5 }),
      cell('raw', 'second', [1]),
    ];

    expect(costPerNode(cells)).toMatchObject([
      { nodes: 5, wallMs: 100, controllerCpuMs: 80, nodesCpuMs: 40 },
      { nodes: 20, wallMs: 50, controllerCpuMs: 20, nodesCpuMs: 10 },
    ]);
  });
});
