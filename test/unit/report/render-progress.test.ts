import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../../src/report/progress.js';
import { renderFinal, renderFrame } from '../../../src/report/render-progress.js';
import { progressOf } from './progress-of.js';

const SCREEN = { title: 'create mesos-basic', now: 65_000, columns: 80, rows: 24 };

function viewOf(...events: readonly ProgressEvent[]) {
  return progressOf(events);
}

const THREE_NODES = viewOf(
  { at: 5000, stepId: 'clone:zk-1', kind: 'clone', node: 'zk-1', state: 'running' },
  { at: 9000, stepId: 'clone:zk-1', kind: 'clone', node: 'zk-1', state: 'done' },
  { at: 5000, stepId: 'converge:zk-2', kind: 'converge', node: 'zk-2', role: 'zookeeper', state: 'running' },
  {
    at: 6000,
    stepId: 'converge:zk-2',
    kind: 'converge',
    node: 'zk-2',
    role: 'zookeeper',
    state: 'waiting',
    why: 'quorum: 1 of 2',
  },
  { at: 5000, stepId: 'clone:master-1', kind: 'clone', node: 'master-1', state: 'running' },
  {
    at: 7000,
    stepId: 'clone:master-1',
    kind: 'clone',
    node: 'master-1',
    state: 'failed',
    why: 'no space left\non device',
  },
);

function manyNodes(count: number) {
  const nodes = Array.from({ length: count }, (_, index) => `node-${index + 1}`);
  return viewOf(
    ...nodes.map((node): ProgressEvent => ({ at: 0, stepId: `clone:${node}`, kind: 'clone', node, state: 'running' })),
  );
}

describe('renderFrame', () => {
  it('shows one aligned line per node, the failed one first', () => {
    const lines = renderFrame(THREE_NODES, SCREEN);

    expect(lines).toEqual([
      'create mesos-basic · 2 of 3 steps · 1:00',
      '✗ master-1  clone               0:02  failed: no space left on device',
      '◦ zk-2      converge zookeeper  1:00  waits: quorum: 1 of 2',
      '✓ zk-1      done                0:04',
    ]);
  });

  it('shows a title alone before anything is known', () => {
    const lines = renderFrame(progressOf([]), SCREEN);

    expect(lines).toEqual(['create mesos-basic · 0 of 0 steps · 0:00']);
  });

  it('counts by state what does not fit the screen', () => {
    const lines = renderFrame(manyNodes(50), SCREEN);

    expect(lines).toHaveLength(23);
    expect(lines.at(-1)).toBe('… and 29 more: 29 running');
  });

  it('shows every node when they just fit', () => {
    const lines = renderFrame(manyNodes(22), SCREEN);

    expect(lines).toHaveLength(23);
    expect(lines.at(-1)).toContain('node-22');
  });

  it('clips a long reason to the width of the terminal', () => {
    const view = viewOf({ at: 0, stepId: 's', kind: 'clone', node: 'zk-1', state: 'waiting', why: 'x'.repeat(200) });

    const line = renderFrame(view, { ...SCREEN, columns: 40 })[1];

    expect(line).toBe('◦ zk-1  clone  1:05  waits: xxxxxxxxxx…');
  });

  it('lets no control sequence of a node reach the terminal', () => {
    const view = viewOf({
      at: 0,
      stepId: 's',
      kind: 'clone',
      node: 'zk-1',
      state: 'failed',
      why: '\u001b[2Jgone\u0007\rx',
    });

    const line = renderFrame(view, SCREEN)[1];

    expect(line).toBe('✗ zk-1  clone    failed: gone x');
  });

  it('never exceeds any screen, whatever the events', () => {
    const event = fc.record({
      at: fc.nat(100_000),
      stepId: fc.string({ maxLength: 4 }),
      kind: fc.string(),
      node: fc.option(fc.string(), { nil: undefined }),
      why: fc.option(fc.string(), { nil: undefined }),
      state: fc.constantFrom('pending', 'running', 'waiting', 'done', 'failed', 'blocked', 'cancelled', 'unchanged'),
    });
    fc.assert(
      fc.property(
        fc.array(event as fc.Arbitrary<ProgressEvent>),
        fc.integer({ min: 2, max: 90 }),
        fc.integer({ min: 2, max: 40 }),
        (events, columns, rows) => {
          const lines = renderFrame(viewOf(...events), { ...SCREEN, columns, rows });

          expect(lines.length).toBeLessThanOrEqual(rows - 1);
          expect(lines.every((line) => line.length < columns)).toBe(true);
        },
      ),
    );
  });
});

describe('renderFinal', () => {
  it('leaves every node in its own order with nothing clipped', () => {
    const lines = renderFinal(THREE_NODES, { now: 65_000 });

    expect(lines.map((line) => line.slice(0, 10).trimEnd())).toEqual(['✓ zk-1', '◦ zk-2', '✗ master-1']);
  });

  it('counts what went well where there are more nodes than anyone reads', () => {
    const ends = Array.from({ length: 200 }, (_, index): ProgressEvent => {
      const node = `n-${String(index)}`;
      return {
        at: 1,
        stepId: `clone:${node}`,
        kind: 'clone',
        node,
        state: index === 7 ? 'failed' : 'done',
        why: 'no room',
      };
    });

    const lines = renderFinal(progressOf(ends), { now: 1 });

    expect(lines).toEqual(['✗ n-7  clone    failed: no room', '… and 199 more: 199 done']);
  });
});
