import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../../src/cli/interrupt.js';
import { runHomeOperation } from '../../../../src/cli/services/run-home-operation.js';
import { BdeError } from '../../../../src/errors/bde-error.js';
import { fixedClock } from '../../../fakes/fixed-clock.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';

const ORDER = { kind: 'repo-build', request: { repo: 'zookeeper' } };
const NEVER = new Promise<never>(() => undefined);

function setUp(stopped: Promise<never> = NEVER) {
  const store = createMemoryStore();
  const clock = fixedClock(1000);
  return { store, clock, parts: { operations: store.operations, clock, who: { user: 'ada', host: 'h1' }, stopped } };
}

describe('runHomeOperation', () => {
  it('records who asked for what, and that it ended well', async () => {
    const { store, clock, parts } = setUp();

    const result = await runHomeOperation(ORDER, parts, () => {
      clock.advance(500);
      return Promise.resolve('built');
    });

    expect(result).toBe('built');
    expect(await store.operations.list()).toEqual([
      {
        id: 'ID0001',
        clusterId: null,
        clusterName: null,
        kind: 'repo-build',
        state: 'succeeded',
        startedAt: 1000,
        endedAt: 1500,
        user: 'ada',
        host: 'h1',
        request: { repo: 'zookeeper' },
        plan: null,
        outcome: 'succeeded',
        cancelAsked: false,
      },
    ]);
  });

  it('records a failure with its message and passes it on', async () => {
    const { store, parts } = setUp();
    const failure = new BdeError('REPO_FAILED', 'The package x has another digest.');

    await expect(runHomeOperation(ORDER, parts, () => Promise.reject(failure))).rejects.toBe(failure);

    expect(await store.operations.list()).toMatchObject([
      { state: 'failed', outcome: 'The package x has another digest.' },
    ]);
  });

  it('records a stop on request as interrupted', async () => {
    const stopped = Promise.reject(new Interrupted('SIGINT'));
    const { store, parts } = setUp(stopped);

    await expect(runHomeOperation(ORDER, parts, () => NEVER)).rejects.toBeInstanceOf(Interrupted);

    expect(await store.operations.list()).toMatchObject([{ state: 'interrupted', outcome: 'stopped on request' }]);
  });
});
