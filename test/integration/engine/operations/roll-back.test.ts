import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeCluster } from '../../../../src/engine/operations/change-cluster.js';
import type { CookbookSource } from '../../../../src/cookbook/types.js';
import type { ChangeInputs, ChangeRequest } from '../../../../src/engine/operations/change-request.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { prepareChange } from '../../../../src/engine/operations/prepare-change.js';
import { resumeCluster } from '../../../../src/engine/operations/resume-cluster.js';
import type { EngineDependencies, StopSignals } from '../../../../src/engine/context.js';
import type { FaultPoints } from '../../../../src/engine/fault-points.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import { BdeError } from '../../../../src/errors/bde-error.js';
import { readMemoryWorld } from '../../../fakes/memory-provider.js';
import { aChange, FLEET, fleetInputs, type SampleGroup } from '../../../unit/engine/sample-change.js';
import { testEngine, type TestEngine } from '../test-engine.js';

/** The fleet, with a test that its stores have to pass. */
const PROVEN: readonly CookbookSource[] = FLEET.map((cookbook) => {
  const store = cookbook.files['roles/store.yaml'];
  if (store === undefined) return cookbook;
  const proven = Buffer.from(`${store.toString()}acceptance: { command: prove-store }\n`);
  return { ...cookbook, files: { ...cookbook.files, 'roles/store.yaml': proven } };
});

const inputsOf = (groups: Readonly<Record<string, SampleGroup>>): ChangeInputs => ({
  ...fleetInputs(groups),
  cookbooks: PROVEN,
});

let engine: TestEngine;

beforeEach(async () => {
  engine = testEngine();
  const { source, distro, cookbooks, secrets } = inputsOf(leveled(1));
  const resolved = resolveSource(source, { name: 'demo', roles: parseCookbooks(PROVEN).roles, ordinals: new Map() });
  const request = { resolved, distro, cookbooks, secrets, source, rehearsal: false, asked: {} };
  await createCluster(request, engine.deps, engine.stop);
});

afterEach(() => {
  engine.remove();
});

function leveled(level: number, part: { readonly stores?: number } = {}): Readonly<Record<string, SampleGroup>> {
  return {
    s: { roles: ['store'], count: part.stores ?? 3, configuration: { fleet: { level } } },
    w: { roles: ['worker'], count: 2, configuration: { fleet: { level } } },
  };
}

const toLevel = (level: number): Partial<ChangeRequest> => ({
  kind: 'config',
  inputs: inputsOf(leveled(level)),
  rollsBack: true,
});

/** A member whose next run fails, and no other one. */
const failsOnce = (node: string) => ({ runs: { [node]: { exitCode: 1, times: 1, stderr: 'no such level' } } });

async function change(part: Partial<ChangeRequest>, deps = engine.deps): Promise<void> {
  const given = { deps, stop: engine.stop, onWarning: () => undefined };
  await changeCluster(aChange(part), await engine.cluster(), given);
}

async function failure(part: Partial<ChangeRequest>, deps = engine.deps): Promise<BdeError> {
  try {
    await change(part, deps);
  } catch (error) {
    if (error instanceof BdeError) return error;
    throw error;
  }
  throw new Error('the change ended well');
}

/** Kinds and ends of the cluster's operations, the newest first. */
async function ends(): Promise<readonly string[]> {
  const { id } = await engine.cluster();
  return (await engine.deps.store.operations.list(id)).map(({ kind, state }) => `${kind} ${state}`);
}

async function stepsLeft(): Promise<readonly string[]> {
  const { plan } = await prepareChange(aChange({ depth: 'nodes' }), await engine.cluster(), engine.deps);
  return plan.steps.map(({ id }) => id);
}

function runsOf(node: string): number {
  return engine.runs().filter((line) => line.startsWith(`${node} apply`)).length;
}

/** A controller that dies at a point which it passes after another one, and leaves all as it is there. */
function dyingAt(kind: string, after = kind): Pick<EngineDependencies, 'faults'> & { readonly stop: StopSignals } {
  const dropping = new AbortController();
  let isDue = false;
  const reach: FaultPoints['reach'] = (effect) => {
    isDue ||= effect.kind === after;
    if (!isDue || effect.kind !== kind) return;
    dropping.abort(new Error(`died at ${kind}`));
    throw dropping.signal.reason;
  };
  return { faults: { reach }, stop: { stopStarting: dropping.signal, abort: dropping.signal } };
}

async function dieIn(part: Partial<ChangeRequest>, dying: ReturnType<typeof dyingAt>): Promise<void> {
  const given = { deps: { ...engine.deps, faults: dying.faults }, stop: dying.stop, onWarning: () => undefined };
  await expect(changeCluster(aChange(part), await engine.cluster(), given)).rejects.toThrow('died at');
}

describe('a change that fails on a node', () => {
  it('is followed by a rollback to what was before, on the nodes that it touched', async () => {
    const before = await engine.cluster();
    const counts = () => Object.fromEntries(['demo-s-0', 'demo-s-1', 'demo-s-2'].map((node) => [node, runsOf(node)]));
    const runsBefore = counts();
    engine.script(failsOnce('demo-s-1/store'));

    const error = await failure(toLevel(2));

    expect(error).toMatchObject({ code: 'CONVERGE_FAILED', exitCode: 7, subject: { node: 'demo-s-1' } });
    expect(await ends()).toEqual(['rollback succeeded', 'config failed', 'create succeeded']);
    const { state, pins, formerPins } = await engine.cluster();
    expect({ state, pins, formerPins }).toEqual({ state: 'RUNNING', pins: before.pins, formerPins: before.formerPins });
    expect(await stepsLeft()).toEqual([]);
    const more = Object.entries(counts()).map(([node, count]) => [node, count - (runsBefore[node] ?? 0)]);
    expect(more).toEqual([
      ['demo-s-0', 2],
      ['demo-s-1', 2],
      ['demo-s-2', 0],
    ]);
  });

  it('says what failed, what was rolled back, and what to do next', async () => {
    engine.script(failsOnce('demo-s-1/store'));

    const error = await failure(toLevel(2));

    const [rollback, config] = await engine.operations();
    expect(error.aftermath).toBe(
      `Operation ${rollback!.id} rolled back 1 node (demo-s-0): the cluster is as before operation ${config!.id}.`,
    );
    expect(error.hint).toBe(
      'Give another value: bde cluster config demo --set PATH=VALUE; with --no-rollback what failed is kept, to be looked at.',
    );
    expect(error.data['rollback']).toEqual({ operation: rollback!.id, state: 'succeeded', nodes: ['demo-s-0'] });
    expect(rollback!.request['undoes']).toBe(config!.id);
    expect(engine.events('rollback')).toMatchObject([{ operationId: rollback!.id, data: { undoes: config!.id } }]);
  });

  it('is followed by a rollback of all members where the acceptance test fails', async () => {
    engine.script({ commands: { 'prove-store': { exitCode: 1 } } });
    const onEvent = ({ text }: { readonly text: string }): void => {
      if (text === 'accept/store failed') engine.script({});
    };

    const error = await failure(toLevel(2), { ...engine.deps, onEvent });

    expect(error.code).toBe('ACCEPTANCE_FAILED');
    expect(error.data['rollback']).toMatchObject({
      nodes: ['demo-s-0', 'demo-s-1', 'demo-s-2', 'demo-w-0', 'demo-w-1'],
    });
    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(await stepsLeft()).toEqual([]);
  });

  it('leaves what failed for looking at where no rollback is wanted, and names every way on', async () => {
    engine.script(failsOnce('demo-s-1/store'));

    const error = await failure({ ...toLevel(2), rollsBack: false });

    expect(await ends()).toEqual(['config failed', 'create succeeded']);
    expect((await engine.cluster()).state).toBe('DEGRADED');
    expect(error.aftermath).toBeUndefined();
    expect(error.hint).toMatch(
      /resume demo; .*; or give another value: bde cluster config demo --set PATH=VALUE; or go back to what was before: bde cluster upgrade demo --rollback\.$/,
    );
  });

  it('has no rollback where nodes could not be reached, for that is no fault of the change', async () => {
    engine.script({ connects: { 'demo-s-1': { code: 'CONNECT_FAILED' } } });

    const error = await failure(toLevel(2));

    expect(error.exitCode).not.toBe(0);
    expect(await ends()).toEqual(['config failed', 'create succeeded']);
  });

  it('has no rollback to a state that did not come true itself', async () => {
    engine.script(failsOnce('demo-s-1/store'));
    await failure({ ...toLevel(2), rollsBack: false });
    engine.script({ runs: { 'demo-s-2/store': { exitCode: 1 } } });

    const error = await failure(toLevel(3));

    expect((await ends())[0]).toBe('config failed');
    expect(error.aftermath).toBe(
      'Nothing was rolled back: demo was DEGRADED before, so that is no state to go back to.',
    );
  });

  it('has no rollback that would take machines away again', async () => {
    engine.script(failsOnce('demo-s-1/store'));

    const error = await failure({ ...toLevel(2), kind: 'apply', inputs: inputsOf(leveled(2, { stores: 4 })) });

    expect((await ends())[0]).toBe('apply failed');
    expect(error.aftermath).toMatch(/^Nothing was rolled back: that takes leave\/demo-s-3\/store /);
    expect(Object.keys(readMemoryWorld(engine.dir).machines)).toHaveLength(6);
  });

  it('has no rollback where it was asked to stop meanwhile', async () => {
    engine.script(failsOnce('demo-s-1/store'));
    const onEvent = ({ text }: { readonly text: string }): void => {
      if (text === 'converge/demo-s-1/store failed') engine.stop.first.abort(new Error('stopped'));
    };

    await failure(toLevel(2), { ...engine.deps, onEvent });

    expect((await ends())[0]).toBe('config failed');
  });

  it('has a rollback once it is resumed and fails then', async () => {
    await dieIn(toLevel(2), dyingAt('plan-config'));
    engine.script(failsOnce('demo-s-1/store'));

    await expect(resumeCluster('demo', engine.deps, engine.stop)).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });

    expect((await ends()).slice(0, 2)).toEqual(['rollback succeeded', 'config failed']);
    expect((await engine.cluster()).state).toBe('RUNNING');
  });

  it.each(['begin-rollback', 'plan-rollback', 'run', 'finish-rollback'])(
    'is rolled back by a resume where the controller dies at %s',
    async (kind) => {
      const before = await engine.cluster();
      engine.script(failsOnce('demo-s-1/store'));
      await dieIn(toLevel(2), dyingAt(kind, 'begin-rollback'));
      expect((await ends())[1]).toBe('config failed');

      const outcome = await resumeCluster('demo', engine.deps, engine.stop);

      expect(outcome).toMatchObject({ type: 'resumed', operation: { kind: 'rollback' } });
      expect(await ends()).toEqual(['rollback succeeded', 'config failed', 'create succeeded']);
      expect(await engine.cluster()).toMatchObject({ state: 'RUNNING', pins: before.pins, formerPins: null });
      expect(await stepsLeft()).toEqual([]);
    },
  );
});

describe('a rollback that follows', () => {
  it('takes a member back that is too ill to be drained and to be given work', async () => {
    engine.script({ commands: { 'undrain-worker': { exitCode: 1, times: 1 } } });
    const onEvent = ({ text }: { readonly text: string }): void => {
      if (!text.startsWith('undrain/demo-w-0/worker failed')) return;
      // It cannot say that it has no work, and answers no more, until the former settings are back.
      const [no, yes] = [{ exitCode: 1 }, { exitCode: 0 }];
      const commands = { 'drain-worker': no, 'undrain-worker': yes, 'probe-worker': { ...no, times: 1 } };
      engine.script({ commands });
    };

    const error = await failure(toLevel(2), { ...engine.deps, onEvent });

    expect(error.code).toBe('MEMBERSHIP_FAILED');
    expect((await ends())[0]).toBe('rollback succeeded');
    expect((await engine.steps())['drain/demo-w-0/worker']).toBe('unchanged');
    expect((await engine.steps())['undrain/demo-w-0/worker']).toBe('done');
  });

  it('fails too without another one after it, and is resumed', async () => {
    engine.script({ runs: { 'demo-s-1/store': { exitCode: 1, times: 2 } } });

    const error = await failure(toLevel(2));

    const [rollback] = await engine.operations();
    expect(await ends()).toEqual(['rollback failed', 'config failed', 'create succeeded']);
    expect((await engine.cluster()).state).toBe('DEGRADED');
    expect(error.aftermath).toContain(`Operation ${rollback!.id}, which was to roll back what operation `);
    expect(error.hint).toBe('Mend what it names, then run bde cluster resume demo: it goes on with the rollback.');

    await resumeCluster('demo', engine.deps, engine.stop);

    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(await stepsLeft()).toEqual([]);
  });
});

describe('an acceptance test that did not pass', () => {
  it('is run by the next change, though that has nothing else to do', async () => {
    engine.script({ commands: { 'prove-store': { exitCode: 1 } } });
    await failure({ ...toLevel(2), rollsBack: false });
    expect(await stepsLeft()).toEqual(['accept/store', 'record']);

    await failure({ kind: 'apply' });

    expect((await engine.cluster()).state).toBe('DEGRADED');
    engine.script({});
    await change({ kind: 'apply' });
    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(await stepsLeft()).toEqual([]);
  });
});
