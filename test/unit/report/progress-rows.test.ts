import { describe, expect, it } from 'vitest';
import { listRows, sortByUrgency } from '../../../src/report/progress-rows.js';
import type { ProgressEvent, ProgressState } from '../../../src/report/progress.js';
import { progressOf } from './progress-of.js';

/** An event of the step `kind:node`. */
function event(at: number, stepId: string, state: ProgressState, more: Partial<ProgressEvent> = {}): ProgressEvent {
  const [kind = '', node] = stepId.split(':');
  return { at, stepId, kind, node, state, ...more };
}

function rowsOf(...events: readonly ProgressEvent[]) {
  return listRows(progressOf(events));
}

describe('listRows', () => {
  it('shows the running step of a node, not the finished ones', () => {
    const rows = rowsOf(
      event(0, 'clone:zk-1', 'running'),
      event(50, 'clone:zk-1', 'done'),
      event(60, 'converge:zk-1', 'running', { role: 'zookeeper', text: 'package[zookeeper]' }),
    );

    expect(rows).toEqual([
      {
        label: 'zk-1',
        state: 'running',
        step: 'converge zookeeper',
        startedAt: 60,
        endedAt: null,
        note: 'package[zookeeper]',
      },
    ]);
  });

  it('shows a failure even while another step of the node runs', () => {
    const rows = rowsOf(
      event(0, 'converge:zk-1', 'running'),
      event(10, 'converge:zk-1', 'failed', { why: 'exit 1' }),
      event(20, 'record:zk-1', 'running'),
    );

    expect(rows[0]).toMatchObject({ state: 'failed', step: 'converge', note: 'exit 1', endedAt: null });
  });

  it('names the first of several pending steps', () => {
    const rows = rowsOf(event(0, 'clone:zk-1', 'pending'), event(1, 'converge:zk-1', 'pending'));

    expect(rows[0]).toMatchObject({ state: 'pending', step: 'clone', startedAt: null });
  });

  it('spans from first start to last end once all is done', () => {
    const rows = rowsOf(
      event(100, 'clone:zk-1', 'running'),
      event(200, 'clone:zk-1', 'done'),
      event(300, 'converge:zk-1', 'running'),
      event(450, 'converge:zk-1', 'unchanged'),
    );

    expect(rows[0]).toMatchObject({ state: 'done', startedAt: 100, endedAt: 450 });
  });

  it('puts steps without a node under their role or the cluster', () => {
    const rows = rowsOf(
      { at: 0, stepId: 'ready:zookeeper', kind: 'ready', role: 'zookeeper', state: 'waiting', why: 'quorum: 1 of 2' },
      { at: 0, stepId: 'publish', kind: 'publish', state: 'running' },
    );

    expect(rows.map((row) => [row.label, row.note])).toEqual([
      ['zookeeper', 'quorum: 1 of 2'],
      ['cluster', ''],
    ]);
  });
});

describe('sortByUrgency', () => {
  it('puts failed before running before waiting before pending before done', () => {
    const rows = rowsOf(
      event(0, 'clone:a', 'done'),
      event(0, 'clone:b', 'pending'),
      event(0, 'clone:c', 'waiting'),
      event(0, 'clone:d', 'running'),
      event(0, 'clone:e', 'failed'),
    );

    expect(sortByUrgency(rows).map((row) => row.label)).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('keeps the order of rows that are equally urgent', () => {
    const rows = rowsOf(event(0, 'clone:b', 'running'), event(0, 'clone:a', 'running'));

    expect(sortByUrgency(rows).map((row) => row.label)).toEqual(['b', 'a']);
  });
});
