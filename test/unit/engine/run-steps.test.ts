import { describe, expect, it } from 'vitest';
import { createFaultPoints } from '../../../src/engine/fault-points.js';
import { Journal } from '../../../src/engine/journal.js';
import { runSteps, type PerformStep, type StepsResult } from '../../../src/engine/run-steps.js';
import type { JournalEntry, StepState } from '../../../src/engine/ports/store.js';
import type { OperationId, StepId } from '../../../src/errors/ids.js';
import { BdeError } from '../../../src/errors/bde-error.js';
import type { Step } from '../../../src/plan/plan.js';
import { createMemoryStore } from '../../fakes/memory-store.js';
import { anOperation } from '../../contract/store-records.js';
import { fixedClock } from '../../fakes/fixed-clock.js';

function step(id: string, ...after: string[]): Step {
  return { kind: 'withdraw', id: id as StepId, after: after as StepId[], why: 'a test' };
}

async function newJournal(past: readonly JournalEntry[] = []): Promise<Journal> {
  const store = createMemoryStore();
  const operationId = 'OP' as OperationId;
  await store.operations.insert(anOperation({ id: operationId, clusterId: null }));
  const acts = { appendLine: () => undefined, killSelf: () => undefined };
  const faults = createFaultPoints({ type: 'none' }, acts);
  const guard = () => Promise.resolve();
  return new Journal({ operationId, epoch: 1, operations: store.operations, clock: fixedClock(), faults, guard }, past);
}

interface Setting {
  readonly perform: PerformStep;
  readonly past?: readonly JournalEntry[];
  readonly stop?: AbortSignal;
  readonly listen?: () => Promise<void>;
  readonly abort?: AbortSignal;
  readonly repeat?: ReadonlySet<StepId>;
}

async function run(steps: readonly Step[], setting: Setting): Promise<StepsResult> {
  return runSteps(steps, {
    journal: await newJournal(setting.past),
    perform: setting.perform,
    stopStarting: setting.stop ?? new AbortController().signal,
    ...(setting.listen === undefined ? {} : { listen: setting.listen }),
    abort: setting.abort ?? new AbortController().signal,
    ...(setting.repeat === undefined ? {} : { repeat: setting.repeat }),
    limits: { withdraw: 2 },
    onState: () => Promise.resolve(),
  });
}

function statesOf(result: StepsResult): Readonly<Record<string, StepState>> {
  return Object.fromEntries(result.states);
}

const DONE = { state: 'done', detail: {} } as const;

describe('runSteps', () => {
  it('listens before each step, and starts none where it hears a stop', async () => {
    const stop = new AbortController();
    const listen = (): Promise<void> => {
      if (performed.length === 1) stop.abort(new Error('stop'));
      return Promise.resolve();
    };
    const performed: string[] = [];

    const result = await run([step('a'), step('b', 'a'), step('c', 'b')], {
      ...{ listen, stop: stop.signal },
      perform: (each) => {
        performed.push(each.id);
        return Promise.resolve(DONE);
      },
    });

    expect(performed).toEqual(['a']);
    expect(statesOf(result)).toEqual({ a: 'done', b: 'cancelled', c: 'cancelled' });
  });

  it('runs each step after all that it waits for', async () => {
    const order: string[] = [];

    const result = await run([step('c', 'a', 'b'), step('a'), step('b', 'a')], {
      perform: (each) => {
        order.push(each.id);
        return Promise.resolve(DONE);
      },
    });

    expect(order).toEqual(['a', 'b', 'c']);
    expect(statesOf(result)).toEqual({ a: 'done', b: 'done', c: 'done' });
  });

  it('blocks what follows a failed step and nothing else', async () => {
    const result = await run(
      [step('a'), step('b'), step('after-a', 'a'), step('later', 'after-a'), step('after-b', 'b')],
      {
        perform: (each) => (each.id === 'a' ? Promise.reject(new Error('no')) : Promise.resolve(DONE)),
      },
    );

    expect(statesOf(result)).toEqual({
      a: 'failed',
      b: 'done',
      'after-a': 'blocked',
      later: 'blocked',
      'after-b': 'done',
    });
    expect(result.failures.map(({ step: { id } }) => id)).toEqual(['a']);
  });

  it('never runs more steps of a kind at once than allowed', async () => {
    let running = 0;
    let most = 0;

    await run([step('a'), step('b'), step('c'), step('d')], {
      perform: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return DONE;
      },
    });

    expect(most).toBe(2);
  });

  it('runs no step again that the journal knows as ended well', async () => {
    const head = { operationId: 'OP' as OperationId, epoch: 1, at: 0 };
    const past: JournalEntry[] = [
      { ...head, type: 'step', stepId: 'a' as StepId, state: 'done', detail: {} },
      { ...head, type: 'step', stepId: 'b' as StepId, state: 'running', detail: {} },
      { ...head, type: 'step', stepId: 'c' as StepId, state: 'blocked', detail: {} },
    ];
    const ran: string[] = [];

    await run([step('a'), step('b', 'a'), step('c', 'b')], {
      past,
      perform: (each) => {
        ran.push(each.id);
        return Promise.resolve(DONE);
      },
    });

    expect(ran).toEqual(['b', 'c']);
  });

  it('starts nothing more once it is asked to stop, and cancels the rest', async () => {
    const stop = new AbortController();

    const result = await run([step('a'), step('b', 'a')], {
      stop: stop.signal,
      perform: () => {
        stop.abort(new Error('Ctrl-C'));
        return Promise.resolve(DONE);
      },
    });

    expect(statesOf(result)).toEqual({ a: 'done', b: 'cancelled' });
    expect(result.stoppedBy).toEqual({ reason: stop.signal.reason as unknown });
  });

  it('writes nothing more about waiting steps once the lease is lost', async () => {
    const result = await run([step('a'), step('b', 'a')], {
      perform: () => Promise.reject(new BdeError('LEASE_LOST', 'taken')),
    });

    expect(result.failures[0]?.error).toBeInstanceOf(BdeError);
    expect(statesOf(result)['b']).toBe('blocked');
  });

  it('is not stopped where all steps had their turn before the stop', async () => {
    const stop = new AbortController();

    const result = await run([step('a')], {
      stop: stop.signal,
      perform: () => {
        stop.abort(new Error('Ctrl-C'));
        return Promise.resolve(DONE);
      },
    });

    expect(result.stoppedBy).toBeNull();
  });

  it('cancels a step that gave up waiting because of the stop, and calls it no failure', async () => {
    const stop = new AbortController();
    const reason = new Error('Ctrl-C');

    const result = await run([step('waits')], {
      stop: stop.signal,
      perform: () => {
        stop.abort(reason);
        return Promise.reject(reason);
      },
    });

    expect(statesOf(result)).toEqual({ waits: 'cancelled' });
    expect(result).toMatchObject({ failures: [], stoppedBy: { reason } });
  });

  it('leaves running steps behind at once when it is aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('second Ctrl-C');

    const result = await run([step('hangs'), step('later', 'hangs')], {
      stop: abort.signal,
      abort: abort.signal,
      perform: () => {
        abort.abort(reason);
        return new Promise(() => undefined);
      },
    });

    expect(statesOf(result)).toEqual({ hangs: 'running', later: 'pending' });
    expect(result).toMatchObject({ failures: [], stoppedBy: { reason } });
  });

  it('runs steps again that are to be repeated, ended well or not', async () => {
    const head = { operationId: 'OP' as OperationId, epoch: 1, at: 0 };
    const past: JournalEntry[] = ['a', 'b'].map((id) => ({
      ...head,
      type: 'step',
      stepId: id as StepId,
      state: 'done',
      detail: {},
    }));
    const ran: string[] = [];

    await run([step('a'), step('b', 'a')], {
      past,
      repeat: new Set(['b' as StepId]),
      perform: (each) => {
        ran.push(each.id);
        return Promise.resolve(DONE);
      },
    });

    expect(ran).toEqual(['b']);
  });
});
