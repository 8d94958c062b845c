import { describe, expect, it } from 'vitest';
import { criticalPath, remoteDurations } from '../../../bench/critical-path.mjs';

const entry = (stepId: string, at: number, type: string, subject: string) => ({ stepId, at, type, subject });

describe('remoteDurations', () => {
  it('counts a run from its intent to its result', () => {
    const durations = remoteDurations(
      [{ id: 'converge/a', kind: 'converge' }],
      [
        entry('converge/a', 100, 'step', 'running'),
        entry('converge/a', 110, 'intent', 'run'),
        entry('converge/a', 150, 'result', 'run'),
        entry('converge/a', 170, 'step', 'done'),
      ],
    );

    expect(durations).toEqual(new Map([['converge/a', 40]]));
  });

  it('counts a machine from its first act to its first answer', () => {
    const durations = remoteDurations(
      [{ id: 'machine/a', kind: 'machine' }],
      [
        entry('machine/a', 100, 'step', 'running'),
        entry('machine/a', 130, 'intent', 'create'),
        entry('machine/a', 200, 'result', 'create'),
        entry('machine/a', 500, 'step', 'done'),
      ],
    );

    expect(durations).toEqual(new Map([['machine/a', 370]]));
  });

  it('counts all of a step that only waits for nodes', () => {
    const durations = remoteDurations(
      [{ id: 'ready/r', kind: 'ready' }],
      [entry('ready/r', 100, 'step', 'running'), entry('ready/r', 900, 'step', 'done')],
    );

    expect(durations).toEqual(new Map([['ready/r', 800]]));
  });

  it('counts nothing of a step that is all ours or did not run', () => {
    const durations = remoteDurations(
      [
        { id: 'publish', kind: 'publish' },
        { id: 'converge/a', kind: 'converge' },
      ],
      [entry('publish', 100, 'step', 'running'), entry('publish', 200, 'step', 'done')],
    );

    expect(durations).toEqual(
      new Map([
        ['publish', 0],
        ['converge/a', 0],
      ]),
    );
  });
});

describe('criticalPath', () => {
  it('is the longest way through the plan', () => {
    const steps = [
      { id: 'a', after: [] },
      { id: 'b', after: [] },
      { id: 'c', after: ['a', 'b'] },
      { id: 'd', after: ['a'] },
    ];
    const durations = new Map([
      ['a', 10],
      ['b', 30],
      ['c', 5],
      ['d', 20],
    ]);

    expect(criticalPath(steps, durations)).toEqual({ ms: 35, steps: ['b', 'c'] });
  });

  it('takes no time through an empty plan', () => {
    expect(criticalPath([], new Map())).toEqual({ ms: 0, steps: [] });
  });
});
