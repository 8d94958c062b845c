import { describe, expect, it } from 'vitest';
import { toCell } from '../../../../bench/converge/cells.mjs';
import { formatPage } from '../../../../bench/converge/format-page.mjs';

const MACHINE = {
  measuredAt: '2026-01-02T03:04:05.000Z',
  processor: '2 × AMD EPYC',
  memoryMiB: 24105,
  kernel: '6.1.0',
  node: '20.19.0',
  bde: '0.1.0',
  loadAtEnd: [1.5, 1, 0.5],
};

function cell(subject: string, wallMs: number, delayMs = 0) {
  const cost = { controllerCpuMs: 400, nodesCpuMs: 200, upBytes: 3000, downBytes: 1000, peakMiB: 100, changes: 0 };
  const place = { variant: 'plain', nodes: 20, delayMs, startedAt: 'now', subject, phase: 'second' };
  return toCell(place, [{ ...cost, wallMs }]);
}

describe('formatPage', () => {
  it('gives ratios, round trips, the cost of a node, all numbers, and what they were measured on', () => {
    const cells = [cell('bde', 1000), cell('pyinfra', 8000), cell('bde', 2500, 100)];

    const page = formatPage({ machine: MACHINE, peers: { pyinfra: { pyinfra: '3.10.0' } }, cells }, 'day-peers');

    expect(page).toBe(`![Wall time of each tool](day-peers.svg)

## How many times as long as bde a peer takes

| variant | nodes | delay | phase | peer | beside | medians | minima | target | met |
|---|---|---|---|---|---|---|---|---|---|
| plain | 20 | 0 ms | second run | pyinfra | bde, whole cluster | 8.00× | 8.00× | ≥ 5.00× | yes |

## Round trips, one after the other

| variant | nodes | tool | phase | round trips |
|---|---|---|---|---|
| plain | 20 | bde, whole cluster | second run | 15.0 |

Connecting included; \`bde cluster exec true\` is connecting and one exchange.

## What a node costs bde

| variant | phase | nodes | wall per node | controller CPU | node CPU | controller memory |
|---|---|---|---|---|---|---|
| plain | second run | 20 | 50 ms | 20 ms | 10 ms | 105 MB |

## plain, 20 nodes, 0 ms added round trip

| phase | tool | wall (best) | controller CPU | nodes CPU | up | down | memory | changed | runs |
|---|---|---|---|---|---|---|---|---|---|
| second run | bde, whole cluster | 1.00 s (1.00 s) | 0.40 s | 0.20 s | 3 kB | 1 kB | 105 MB | 0 | 1 |
| second run | pyinfra | 8.00 s (8.00 s) | 0.40 s | 0.20 s | 3 kB | 1 kB | 105 MB | 0 | 1 |

## plain, 20 nodes, 100 ms added round trip

| phase | tool | wall (best) | controller CPU | nodes CPU | up | down | memory | changed | runs |
|---|---|---|---|---|---|---|---|---|---|
| second run | bde, whole cluster | 2.50 s (2.50 s) | 0.40 s | 0.20 s | 3 kB | 1 kB | 105 MB | 0 | 1 |

Medians. 2026-01-02T03:04:05.000Z, 2 × AMD EPYC, 24105 MiB, Linux 6.1.0, Node 20.19.0, bde 0.1.0, pyinfra 3.10.0, load at the end 1.5 1 0.5.
`);
  });

  it('marks ratios of sides that were not measured in turn', () => {
    const cells = [cell('bde', 1000), { ...cell('raw', 500), startedAt: 'before' }];

    const page = formatPage({ machine: MACHINE, peers: {}, cells }, 'day-peers');

    expect(page).toContain('| 0.50× \\* | 0.50× | ≥ 1.00× | **no** |');
    expect(page).toContain('\\* not measured in turn, in one run.');
  });
});
