import { describe, expect, it } from 'vitest';
import { judgeError, judgeSteps, type JudgedRun } from '../../../src/engine/operations/judge-operation.js';
import type { StepsResult } from '../../../src/engine/run-steps.js';
import { BdeError } from '../../../src/errors/bde-error.js';
import type { StepId } from '../../../src/errors/ids.js';
import type { Step } from '../../../src/plan/plan.js';
import { aCluster } from '../../contract/store-records.js';

const STEP: Step = { kind: 'withdraw', id: 'withdraw' as StepId, after: [], why: 'a test' };
const NOTHING: StepsResult = { states: new Map(), failures: [], stoppedBy: null };

function run(part: { readonly stop?: AbortSignal; readonly lost?: AbortSignal } = {}): JudgedRun {
  const never = new AbortController().signal;
  return {
    cluster: aCluster(),
    stop: { stopStarting: part.stop ?? never, abort: never },
    lease: {
      epoch: 1,
      takenOver: false,
      guard: () => Promise.resolve(),
      lost: part.lost ?? never,
      cancelled: new AbortController().signal,
      listen: () => Promise.resolve(),
      release: () => Promise.resolve(),
    },
  };
}

function failing(...errors: readonly unknown[]): StepsResult {
  return { ...NOTHING, failures: errors.map((error) => ({ step: STEP, error })) };
}

const CONVERGE = new BdeError('CONVERGE_FAILED', 'file[/x] failed', { hint: 'Mend it.', subject: { node: 'a' } });
const CLONE = new BdeError('PROVIDER_FAILED', 'no room');

describe('judgeSteps', () => {
  it('calls it a success where nothing failed and nothing was kept from its turn', () => {
    expect(judgeSteps(run(), NOTHING)).toEqual({ state: 'succeeded', outcome: 'succeeded', error: undefined });
  });

  it('hands on a single failure as it is', () => {
    expect(judgeSteps(run(), failing(CONVERGE))).toEqual({
      state: 'failed',
      outcome: 'file[/x] failed',
      error: CONVERGE,
    });
  });

  it('lets the first of several failures count and all of them travel', () => {
    const { error } = judgeSteps(run(), failing(CLONE, CONVERGE));

    expect(error).toMatchObject({
      code: 'PROVIDER_FAILED',
      message: '2 steps failed and 0 were blocked by them; the first: no room',
      failures: [CLONE, CONVERGE],
    });
  });

  it('lets a bug go before everything else that failed', () => {
    const bug = new TypeError('undefined is not a function');

    expect(judgeSteps(run(), failing(CLONE, bug)).error).toBe(bug);
  });

  it('calls it interrupted where steps were kept from their turn', () => {
    const reason = new Error('Ctrl-C');

    expect(judgeSteps(run(), { ...NOTHING, stoppedBy: { reason } })).toEqual({
      state: 'interrupted',
      outcome: 'stopped on request',
      error: reason,
    });
  });

  it('calls it lost, whatever else failed, once the lease is', () => {
    const lost = new BdeError('LEASE_LOST', 'taken');

    expect(judgeSteps(run({ lost: AbortSignal.abort(lost) }), failing(CLONE))).toMatchObject({
      state: 'lost',
      error: lost,
    });
    expect(judgeSteps(run(), failing(CLONE, lost))).toMatchObject({ state: 'lost', error: lost });
  });
});

describe('judgeError', () => {
  it('tells a stop on request from a failure', () => {
    const reason = new Error('Ctrl-C');
    const stopped = run({ stop: AbortSignal.abort(reason) });

    expect(judgeError(stopped, reason).state).toBe('interrupted');
    expect(judgeError(stopped, CLONE).state).toBe('failed');
  });

  it('tells a bug in the audit as one', () => {
    expect(judgeError(run(), new TypeError('oops')).outcome).toBe('internal error: oops');
  });
});
