import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../../src/report/progress.js';
import { summarizeTime } from '../../../src/report/time-summary.js';
import { progressOf } from './progress-of.js';

function ran(kind: string, node: string, from: number, to: number): readonly ProgressEvent[] {
  const step = { stepId: `${kind}:${node}`, kind, node };
  return [
    { ...step, at: from, state: 'running' },
    { ...step, at: to, state: 'done' },
  ];
}

function summaryOf(...events: readonly ProgressEvent[]) {
  return summarizeTime(progressOf(events));
}

describe('summarizeTime', () => {
  it('counts overlapping steps of a kind once', () => {
    const shares = summaryOf(
      ...ran('clone', 'zk-1', 0, 4000),
      ...ran('clone', 'zk-2', 1000, 6000),
      ...ran('clone', 'zk-3', 8000, 9000),
    );

    expect(shares).toEqual([{ kind: 'clone', steps: 3, wallMs: 7000, longestMs: 5000, longestNode: 'zk-2' }]);
  });

  it('puts the kind that took longest first', () => {
    const shares = summaryOf(...ran('clone', 'zk-1', 0, 1000), ...ran('converge', 'zk-1', 1000, 9000));

    expect(shares.map((share) => share.kind)).toEqual(['converge', 'clone']);
  });

  it('leaves out steps that never ran or still do', () => {
    const shares = summaryOf(
      { at: 0, stepId: 'a', kind: 'clone', state: 'running' },
      { at: 5, stepId: 'b', kind: 'converge', state: 'blocked' },
    );

    expect(shares).toEqual([]);
  });
});
