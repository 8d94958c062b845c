import { describe, expect, it } from 'vitest';
import { formatResults } from '../../../bench/format-results.mjs';

const MACHINE = {
  measuredAt: '2026-01-02T03:04:05.000Z',
  processor: '2 × AMD EPYC',
  memoryMiB: 24105,
  kernel: '6.1.0',
  node: '20.19.0',
  bde: '0.1.0',
  loadAtEnd: [1.5, 1, 0.5],
};

describe('formatResults', () => {
  it('gives a table of all rows and says what each was measured on', () => {
    const row = { what: 'a start', measured: '90 ms', reference: 'node: 40 ms', ratio: '', target: '< 150 ms' };

    const page = formatResults({ formatVersion: 1, start: { rows: [row], repetitions: 25, machine: MACHINE } });

    expect(page).toBe(`| what | measured | beside | ratio | target |
|---|---|---|---|---|
| a start | 90 ms | node: 40 ms |  | < 150 ms |

Medians; ratios within one run, both sides in turn.

- start: 2026-01-02T03:04:05.000Z, 25 repetitions, 2 × AMD EPYC, 24105 MiB, Linux 6.1.0, Node 20.19.0, bde 0.1.0, load at the end 1.5 1 0.5
`);
  });
});
