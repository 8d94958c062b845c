import { describe, expect, it } from 'vitest';
import { showPlainProgress } from '../../../src/report/plain-progress.js';
import type { ProgressEvent } from '../../../src/report/progress.js';

const STEP = { stepId: 'converge:zk-1:zookeeper', kind: 'converge', node: 'zk-1', role: 'zookeeper' } as const;
const START = Date.UTC(2026, 10, 21, 5, 20, 11);

async function linesOf(...events: readonly ProgressEvent[]): Promise<string[]> {
  const lines: string[] = [];
  async function* feed() {
    yield* events;
  }
  await showPlainProgress(feed(), (text) => lines.push(text));
  return lines;
}

describe('showPlainProgress', () => {
  it('writes one timestamped line per state change', async () => {
    const lines = await linesOf(
      { ...STEP, at: START, state: 'running' },
      { ...STEP, at: START + 1000, state: 'waiting', why: 'quorum: 1 of 2' },
      { ...STEP, at: START + 4200, state: 'done' },
    );

    expect(lines).toEqual([
      '2026-11-21T05:20:11Z zk-1 converge zookeeper: runs\n',
      '2026-11-21T05:20:12Z zk-1 converge zookeeper: waits: quorum: 1 of 2\n',
      '2026-11-21T05:20:15Z zk-1 converge zookeeper: done in 4.2 s\n',
    ]);
  });

  it('stays quiet about planned steps and changed texts', async () => {
    const lines = await linesOf(
      { ...STEP, at: START, state: 'pending' },
      { ...STEP, at: START, state: 'running', text: 'package[zookeeper]' },
      { ...STEP, at: START, state: 'running', text: 'service[zookeeper]' },
    );

    expect(lines).toHaveLength(1);
  });

  it('tells when the reason for waiting changes', async () => {
    const lines = await linesOf(
      { ...STEP, at: START, state: 'waiting', why: 'quorum: 1 of 3' },
      { ...STEP, at: START, state: 'waiting', why: 'quorum: 2 of 3' },
    );

    expect(lines).toHaveLength(2);
  });

  it('names the role once for a step that has no node', async () => {
    const lines = await linesOf({
      at: START,
      stepId: 'ready:zookeeper',
      kind: 'ready',
      role: 'zookeeper',
      state: 'running',
    });

    expect(lines).toEqual(['2026-11-21T05:20:11Z zookeeper ready: runs\n']);
  });

  it('writes a failure with its time and reason on one line', async () => {
    const lines = await linesOf(
      { ...STEP, at: START, state: 'running' },
      { ...STEP, at: START + 90_000, state: 'failed', why: 'exit 1\nno such file' },
    );

    expect(lines[1]).toBe(
      '2026-11-21T05:21:41Z zk-1 converge zookeeper: failed after 1 min 30 s: exit 1 no such file\n',
    );
  });

  it('says why a step is blocked, cancelled or unchanged', async () => {
    const lines = await linesOf(
      { ...STEP, at: START, state: 'blocked', why: 'clone zk-1 failed' },
      { ...STEP, at: START, stepId: 's2', state: 'cancelled' },
      { ...STEP, at: START, stepId: 's3', state: 'unchanged' },
    );

    expect(lines.map((line) => line.slice('2026-11-21T05:20:11Z '.length))).toEqual([
      'zk-1 converge zookeeper: blocked: clone zk-1 failed\n',
      'zk-1 converge zookeeper: cancelled\n',
      'zk-1 converge zookeeper: unchanged\n',
    ]);
  });
});
