import { describe, expect, it } from 'vitest';
import { createFaultPoints, faultName } from '../../../src/engine/fault-points.js';
import { foldJournal, Journal } from '../../../src/engine/journal.js';
import type { JournalEntry, Store } from '../../../src/engine/ports/store.js';
import type { OperationId, StepId } from '../../../src/errors/ids.js';
import { anOperation } from '../../contract/store-records.js';
import { fixedClock } from '../../fakes/fixed-clock.js';
import { createMemoryStore } from '../../fakes/memory-store.js';

const OPERATION = 'OP' as OperationId;
const STEP = 'converge/a/basic' as StepId;
const HEAD = { operationId: OPERATION, epoch: 1, at: 0, stepId: STEP };

const intent: JournalEntry = { ...HEAD, type: 'intent', effect: 'run', ref: { runId: 'R1' } };
const result: JournalEntry = { ...HEAD, type: 'result', effect: 'run', result: { ok: true } };
const state = (name: 'running' | 'failed' | 'done'): JournalEntry => ({
  ...HEAD,
  type: 'step',
  state: name,
  detail: {},
});

describe('foldJournal', () => {
  it('keeps an intent open until its result is there', () => {
    expect(foldJournal([state('running'), intent]).get(STEP)?.open).toEqual({ run: { runId: 'R1' } });
    expect(foldJournal([state('running'), intent, result]).get(STEP)).toMatchObject({
      open: {},
      results: { run: { ok: true } },
    });
  });

  it('keeps what an attempt gave when the step runs on after its controller died', () => {
    const history = foldJournal([state('running'), intent, result, state('running')]).get(STEP);

    expect(history?.results).toEqual({ run: { ok: true } });
  });

  it('forgets what an attempt gave once the step has ended', () => {
    expect(foldJournal([state('running'), intent, result, state('failed')]).get(STEP)?.results).toEqual({});
    expect(foldJournal([state('running'), intent, result, state('done')]).get(STEP)?.results).toEqual({});
  });

  it('keeps an open intent over a failure, for the effect may have taken place', () => {
    const history = foldJournal([state('running'), intent, state('failed'), state('running')]).get(STEP);

    expect(history?.open).toEqual({ run: { runId: 'R1' } });
  });
});

async function journalOn(store: Store, passed: string[], guard = () => Promise.resolve()): Promise<Journal> {
  await store.operations.insert(anOperation({ id: OPERATION, clusterId: null }));
  const faults = {
    reach: (...point: Parameters<typeof faultName>) => void passed.push(faultName(...point)),
  };
  return new Journal(
    { operationId: OPERATION, epoch: 1, operations: store.operations, clock: fixedClock(), faults, guard },
    [],
  );
}

describe('Journal.effect', () => {
  it('writes intent, act and result in this order, with a fault point after each', async () => {
    const store = createMemoryStore();
    const passed: string[] = [];
    const journal = await journalOn(store, passed);

    await journal.effect({
      stepId: STEP,
      name: { kind: 'run', node: 'a', role: 'basic' },
      ref: { runId: 'R1' },
      act: () => {
        passed.push('act');
        return Promise.resolve({ ok: true });
      },
    });

    expect(passed).toEqual(['run:a:basic:before', 'act', 'run:a:basic:after', 'run:a:basic:recorded']);
    expect((await store.operations.journal(OPERATION)).map(({ type }) => type)).toEqual(['intent', 'result']);
  });

  it('leaves the intent open where the act fails', async () => {
    const store = createMemoryStore();
    const journal = await journalOn(store, []);
    const act = (): Promise<never> => Promise.reject(new Error('no'));

    const acting = journal.effect({ stepId: STEP, name: { kind: 'run' }, ref: { runId: 'R1' }, act });

    await expect(acting).rejects.toThrow('no');
    expect(journal.history(STEP).open).toEqual({ run: { runId: 'R1' } });
  });

  it('does nothing at all where the guard refuses', async () => {
    const store = createMemoryStore();
    const journal = await journalOn(store, [], () => Promise.reject(new Error('lost')));
    let acted = false;

    const acting = journal.effect({
      stepId: STEP,
      name: { kind: 'run' },
      ref: {},
      act: () => {
        acted = true;
        return Promise.resolve({});
      },
    });

    await expect(acting).rejects.toThrow('lost');
    expect(acted).toBe(false);
    expect(await store.operations.journal(OPERATION)).toEqual([]);
  });
});

describe('createFaultPoints', () => {
  const effect = { kind: 'create', node: 'zk-0' };

  function actsInto(done: string[]) {
    return { appendLine: (_: string, line: string) => void done.push(line), killSelf: () => void done.push('killed') };
  }

  it('lists each name once', () => {
    const lines: string[] = [];
    const points = createFaultPoints({ type: 'list', file: 'points' }, actsInto(lines));

    points.reach(effect, 'before');
    points.reach(effect, 'before');
    points.reach(effect, 'after');

    expect(lines).toEqual(['create:zk-0:-:before', 'create:zk-0:-:after']);
  });

  it('kills at the first passing of its name and nowhere else', () => {
    const done: string[] = [];
    const points = createFaultPoints({ type: 'kill', name: 'create:zk-0:-:after' }, actsInto(done));

    points.reach(effect, 'before');
    expect(done).toEqual([]);
    points.reach(effect, 'after');
    points.reach(effect, 'after');

    expect(done).toEqual(['killed']);
  });
});
