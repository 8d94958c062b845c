import { describe, expect, it } from 'vitest';
import { parseHello, toRunState } from '../../../src/ssh/ask-node.js';

describe('parseHello', () => {
  it('reads tools, clock, epoch and applied digests', () => {
    const text = [
      'time 1700000005000',
      'missing flock',
      'missing dnf',
      'epoch 4',
      'applied packages p1',
      'applied zk d1',
      '',
    ].join('\n');

    expect(parseHello(text, 1700000000000)).toEqual({
      missingTools: ['flock', 'dnf'],
      clockSkewMs: 5000,
      epoch: 4,
      applied: { packages: 'p1', zk: 'd1' },
    });
  });

  it('takes whole seconds of a date that knows no milliseconds', () => {
    expect(parseHello('time 1700000005%3N\nepoch 0\n', 1700000000000)).toEqual({
      missingTools: [],
      clockSkewMs: 5000,
      epoch: 0,
      applied: {},
    });
  });
});

describe('toRunState', () => {
  it('counts a run that died among those that ended', () => {
    expect(['absent', 'live', 'ended', 'died'].map((found) => toRunState(found, 'n'))).toEqual([
      'absent',
      'live',
      'ended',
      'ended',
    ]);
  });

  it('refuses an answer that it does not know', () => {
    expect(() => toRunState(undefined, 'demo-zk-1')).toThrow('demo-zk-1 did not say what it knows of a run');
  });
});
