import { describe, expect, it } from 'vitest';
import { renderRunLog } from '../../../src/cli/render-run-log.js';
import type { RunLog } from '../../../src/cli/services/cluster-logs.js';

const LOG: RunLog = {
  at: '2026-01-02T03:04:05.000Z',
  stepId: 'converge/c-zk-0/zookeeper',
  end: { state: 'exited', exitCode: 0, stderr: '' },
  lines: [],
};

describe('renderRunLog', () => {
  it('says what a resource did, and counts those that did nothing', () => {
    const lines = renderRunLog({
      ...LOG,
      lines: [
        { resource: 'file[/a]', outcome: 'changed', ms: 1, detail: 'absent' },
        { resource: 'file[/b]', outcome: 'unchanged', ms: 1 },
        { resource: 'file[/c]', outcome: 'unchanged', ms: 1 },
        { fact: 'id', value: 1 },
      ],
    });

    expect(lines).toEqual([
      '2026-01-02T03:04:05.000Z  converge/c-zk-0/zookeeper  exit 0',
      '  changed   file[/a]: absent',
      '  unchanged 2 more',
    ]);
  });

  it('says how often a resource was tried where once was not enough', () => {
    const lines = renderRunLog({
      ...LOG,
      lines: [
        { resource: 'execute[fetch]', outcome: 'changed', ms: 9, tries: 3, detail: 'runs' },
        { resource: 'execute[join]', outcome: 'failed', ms: 9, tries: 2 },
      ],
    });

    expect(lines.slice(1)).toEqual([
      '  changed   execute[fetch] (3 tries): runs',
      '  failed    execute[join] (2 tries)',
    ]);
  });

  it('tells of one that changed nothing where it took more than one try', () => {
    const lines = renderRunLog({
      ...LOG,
      lines: [
        { resource: 'wait_for[port]', outcome: 'unchanged', ms: 9, tries: 2 },
        { resource: 'file[/b]', outcome: 'unchanged', ms: 1 },
      ],
    });

    expect(lines.slice(1)).toEqual(['  unchanged wait_for[port] (2 tries)', '  unchanged 1 more']);
  });

  it('shows the last lines that a run printed on stderr', () => {
    const stderr = Array.from({ length: 25 }, (_, index) => `line ${String(index)}\n`).join('');

    const lines = renderRunLog({ ...LOG, end: { state: 'exited', exitCode: 1, stderr } });

    expect(lines[0]).toContain('exit 1');
    expect([lines.length, lines[1], lines.at(-1)]).toEqual([21, '  | line 5', '  | line 24']);
  });

  it('says how a run ended that did not exit', () => {
    expect(renderRunLog({ ...LOG, end: { state: 'timed-out' } })).toEqual([
      '2026-01-02T03:04:05.000Z  converge/c-zk-0/zookeeper  timed-out',
    ]);
  });
});
