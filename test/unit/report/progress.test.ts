import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgressLog, type ProgressEvent } from '../../../src/report/progress.js';
import { progressOf } from './progress-of.js';

const CONVERGE = { stepId: 'converge:zk-1:zookeeper', kind: 'converge', node: 'zk-1', role: 'zookeeper' } as const;

function fold(...events: readonly ProgressEvent[]) {
  return progressOf(events);
}

describe('a progress log', () => {
  it('keeps a pending step without any start time', () => {
    const view = fold({ ...CONVERGE, at: 100, state: 'pending' });

    expect(view.steps[CONVERGE.stepId]).toEqual({
      stepId: 'converge:zk-1:zookeeper',
      kind: 'converge',
      node: 'zk-1',
      role: 'zookeeper',
      state: 'pending',
      since: 100,
      startedAt: null,
      endedAt: null,
      why: null,
      text: null,
    });
  });

  it('counts a wait as part of the running time', () => {
    const view = fold(
      { ...CONVERGE, at: 100, state: 'running' },
      { ...CONVERGE, at: 300, state: 'waiting', why: 'quorum: 1 of 2' },
      { ...CONVERGE, at: 900, state: 'done' },
    );

    expect(view.steps[CONVERGE.stepId]).toMatchObject({
      state: 'done',
      since: 900,
      startedAt: 100,
      endedAt: 900,
      why: null,
    });
  });

  it('keeps the time of a state when only its text changes', () => {
    const view = fold(
      { ...CONVERGE, at: 100, state: 'running', text: 'package[zookeeper]' },
      { ...CONVERGE, at: 400, state: 'running', text: 'service[zookeeper]' },
    );

    expect(view.steps[CONVERGE.stepId]).toMatchObject({ since: 100, startedAt: 100, text: 'service[zookeeper]' });
  });

  it('starts the clock anew when a failed step is tried again', () => {
    const view = fold(
      { ...CONVERGE, at: 100, state: 'running' },
      { ...CONVERGE, at: 200, state: 'failed', why: 'exit 1' },
      { ...CONVERGE, at: 500, state: 'running' },
    );

    expect(view.steps[CONVERGE.stepId]).toMatchObject({ startedAt: 500, endedAt: null, why: null });
  });

  it('gives no start to a step that was blocked before it ran', () => {
    const view = fold(
      { ...CONVERGE, at: 100, state: 'pending' },
      { ...CONVERGE, at: 200, state: 'blocked', why: 'clone:zk-1' },
    );

    expect(view.steps[CONVERGE.stepId]).toMatchObject({ startedAt: null, endedAt: 200, why: 'clone:zk-1' });
  });

  it('shows what is noted later too', () => {
    const log = new ProgressLog();
    log.note({ ...CONVERGE, at: 100, state: 'running' });
    const { steps } = log;

    log.note({ ...CONVERGE, at: 200, state: 'done' });

    expect(steps[CONVERGE.stepId]).toMatchObject({ startedAt: 100, endedAt: 200, state: 'done' });
  });

  it('keeps every step once, in the order first heard of', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('s-a', 's-b', 's-c', 's-d')), (ids) => {
        const view = progressOf(ids.map((stepId, at) => ({ at, stepId, kind: 'clone', state: 'running' })));

        expect(Object.keys(view.steps)).toEqual([...new Set(ids)]);
      }),
    );
  });
});
