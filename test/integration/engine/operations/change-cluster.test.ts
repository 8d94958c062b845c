import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resizeRequest } from '../../../../src/cli/services/change-requests.js';
import { changeCluster } from '../../../../src/engine/operations/change-cluster.js';
import { prepareChange } from '../../../../src/engine/operations/prepare-change.js';
import type { ChangeRequest } from '../../../../src/engine/operations/change-request.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import type { NodeRecord } from '../../../../src/engine/ports/store.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import type { NodeName } from '../../../../src/errors/ids.js';
import { flattenSteps, type Plan } from '../../../../src/plan/plan.js';
import { readMemoryWorld } from '../../../fakes/memory-provider.js';
import { aChange, FLEET, fleetInputs, type SampleGroup } from '../../../unit/engine/sample-change.js';
import { testEngine, type TestEngine } from '../test-engine.js';

let engine: TestEngine;

const THREE: Readonly<Record<string, SampleGroup>> = {
  s: { roles: ['store'], count: 3 },
  w: { roles: ['worker'], count: 2 },
};

beforeEach(async () => {
  engine = testEngine();
  await create(THREE);
});

afterEach(() => {
  engine.remove();
});

async function create(groups: Readonly<Record<string, SampleGroup>>): Promise<void> {
  const { source, distro, cookbooks, secrets } = fleetInputs(groups);
  const { roles } = parseCookbooks(FLEET);
  const resolved = resolveSource(source, { name: 'demo', roles, ordinals: new Map() });
  const request = { resolved, distro, cookbooks, secrets, source, rehearsal: false, asked: {} };
  await createCluster(request, engine.deps, engine.stop);
}

async function change(part: Partial<ChangeRequest>): Promise<boolean> {
  const cluster = await engine.cluster();
  return changeCluster(aChange(part), cluster, { deps: engine.deps, stop: engine.stop, onWarning: () => undefined });
}

async function plan(part: Partial<ChangeRequest>): Promise<Plan> {
  return (await prepareChange(aChange(part), await engine.cluster(), engine.deps)).plan;
}

async function planIds(part: Partial<ChangeRequest>): Promise<readonly string[]> {
  return flattenSteps((await plan(part)).steps).map(({ id }) => id);
}

async function nodes(): Promise<readonly NodeRecord[]> {
  return engine.deps.store.nodes.listNodes((await engine.cluster()).id);
}

const withStores = (count: number): Readonly<Record<string, SampleGroup>> => ({
  ...THREE,
  s: { roles: ['store'], count },
});

const leveled = (level: number): Readonly<Record<string, SampleGroup>> => ({
  s: { roles: ['store'], count: 3, configuration: { fleet: { level } } },
  w: { roles: ['worker'], count: 2, configuration: { fleet: { level } } },
});

describe('changeCluster', () => {
  it('runs exactly what was planned, and then has nothing to do', async () => {
    const request = { inputs: fleetInputs(withStores(5)) };
    const planned = await planIds(request);

    expect(await change(request)).toBe(true);

    const [operation] = await engine.operations();
    const blob = await engine.deps.store.blobs.get(operation!.plan!);
    const recorded = JSON.parse(blob.toString()) as Plan;
    expect(flattenSteps(recorded.steps).map(({ id }) => id)).toEqual(planned);
    expect(await change(request)).toBe(false);
    expect((await engine.cluster()).state).toBe('RUNNING');
    expect((await plan({ depth: 'nodes' })).steps).toEqual([]);
  });

  it('keeps addresses and ordinals of nodes that stay, and frees those of nodes that go', async () => {
    const before = await nodes();
    await change({ inputs: fleetInputs(withStores(5)) });
    const grown = await nodes();

    await change({ inputs: fleetInputs(withStores(3)) });

    expect(grown.filter(({ group }) => group === 's').map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(grown.map(({ address }) => address)).size).toBe(7);
    const places = (each: readonly NodeRecord[]) =>
      each.map(({ name, address, ordinal }) => ({ name, address, ordinal }));
    expect(places(await nodes())).toEqual(places(before));
    expect(Object.keys(readMemoryWorld(engine.dir).machines)).toHaveLength(5);
  });

  it('lets new members in by a ready peer, and marks them as members', async () => {
    await change({ inputs: fleetInputs(withStores(4)) });

    const steps = await engine.steps();
    expect(steps['join/demo-s-3/store']).toBe('done');
    expect((await nodes()).find(({ name }) => name === 'demo-s-3')?.memberOf).toEqual(['store']);
  });

  it('stops a rolling step after the first batch where a member does not come back', async () => {
    engine.script({ runs: { 'demo-s-1/store': { exitCode: 1 } } });

    await expect(change({ inputs: fleetInputs(leveled(2)) })).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });

    const steps = await engine.steps();
    expect(steps['converge/demo-s-0/store']).toBe('done');
    expect(steps['converge/demo-s-1/store']).toBe('failed');
    expect(steps['converge/demo-s-2/store']).toBeUndefined();
    expect((await engine.cluster()).state).toBe('DEGRADED');
  });

  it('has to run anew what failed, also where the settings before are asked for again', async () => {
    await change({ inputs: fleetInputs(leveled(2)) });
    engine.script({ runs: { 'demo-s-1/store': { exitCode: 1 } } });
    await expect(change({ inputs: fleetInputs(leveled(3)) })).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });
    engine.script({});

    const back = { inputs: fleetInputs(leveled(2)) };

    expect(await planIds(back)).toEqual(expect.arrayContaining(['converge/demo-s-0/store', 'converge/demo-s-1/store']));
    await change(back);
    expect((await engine.cluster()).state).toBe('RUNNING');
    expect((await plan(back)).steps).toEqual([]);
  });

  it('goes back to what was before by a rollback', async () => {
    const before = await engine.cluster();
    await change({ inputs: fleetInputs(leveled(2)) });

    await change({ kind: 'rollback', inputs: 'former' });

    expect((await engine.cluster()).pins).toBe(before.pins);
    expect((await plan({})).steps).toEqual([]);
  });

  it('refuses a rollback of a cluster that was never changed', async () => {
    await expect(change({ kind: 'rollback', inputs: 'former' })).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED' });
  });

  it('changes the leader last', async () => {
    engine.script({ commands: { 'leads-store': { exitCode: 1 }, 'leads-store demo-s-0': { exitCode: 0 } } });

    await change({ inputs: fleetInputs(leveled(3)) });

    const order = engine
      .events('step')
      .filter(({ text }) => /^converge\/demo-s-\d\/store running$/.test(text))
      .map(({ node }) => node)
      .slice(-3);
    expect(order).toEqual(['demo-s-1', 'demo-s-2', 'demo-s-0']);
  });

  it('takes a role off a living node, which then asks for nothing more', async () => {
    const without = { ...THREE, w: { roles: ['basic'], count: 2 } };

    expect(await planIds({ inputs: fleetInputs(without) })).toContain('remove/demo-w-0/worker');
    await change({ inputs: fleetInputs(without) });

    expect((await nodes()).find(({ name }) => name === 'demo-w-0')).toMatchObject({ memberOf: [], roles: ['basic'] });
    expect((await plan({})).steps).toEqual([]);
  });

  it('gives machines another size in place, and what follows from it to the files', async () => {
    const larger = { ...THREE, s: { roles: ['store'], count: 3, size: 'LARGE' as const } };

    await change({ kind: 'resize', inputs: fleetInputs(larger) });

    const sizes = Object.values(readMemoryWorld(engine.dir).machines).map(({ size }) => size?.memoryMiB);
    expect(sizes.sort()).toEqual([2048, 2048, 2048, 512, 512]);
    expect(await engine.steps()).toMatchObject({ 'resize/demo-s-0': 'done', 'roll/store': 'done' });
    expect((await plan({})).steps).toEqual([]);
  });

  it('stops and starts, and is as it was', async () => {
    await change({ kind: 'stop', power: { to: 'off', selection: {} } });
    const states = Object.values(readMemoryWorld(engine.dir).machines).map(({ state }) => state);
    expect([(await engine.cluster()).state, new Set(states)]).toEqual(['STOPPED', new Set(['off'])]);
    await expect(change({ inputs: fleetInputs(withStores(5)) })).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED' });

    await change({ kind: 'start', power: { to: 'on', selection: {} } });

    expect((await engine.cluster()).state).toBe('RUNNING');
    expect((await plan({})).steps).toEqual([]);
  });

  it('leaves a cluster STOPPED whose last running nodes go', async () => {
    await change({ power: { to: 'off', selection: { group: 's' } }, isForced: true });

    await change({ inputs: fleetInputs({ s: { roles: ['store'], count: 3 } }) });

    expect((await nodes()).map(({ name }) => name)).toEqual(['demo-s-0', 'demo-s-1', 'demo-s-2']);
    expect((await engine.cluster()).state).toBe('STOPPED');
  });

  it('makes a dead member anew at its place, after it has left', async () => {
    const before = (await nodes()).find(({ name }) => name === 'demo-s-2');

    await change({ kind: 'fix', replace: { ['demo-s-2' as NodeName]: 'it does not answer' } });

    const after = (await nodes()).find(({ name }) => name === 'demo-s-2');
    expect(after).toMatchObject({ address: before?.address, ordinal: before?.ordinal, memberOf: ['store'] });
    expect(Object.keys(await engine.steps())).toEqual(
      expect.arrayContaining(['leave/demo-s-2/store', 'machine/demo-s-2#2', 'join/demo-s-2/store']),
    );
    const machines = Object.values(readMemoryWorld(engine.dir).machines);
    expect(machines.filter(({ mark }) => mark.nodeName === 'demo-s-2').map(({ mark }) => mark.generation)).toEqual([2]);
  });
});

describe('a guard', () => {
  it('refuses to stop a majority, with numbers, and lets it go by force', async () => {
    const split = {
      a: { roles: ['store'], count: 2 },
      s: { roles: ['store'], count: 3 },
      w: { roles: ['worker'], count: 1 },
    };
    await change({ inputs: fleetInputs(split), isForced: true });
    const stop = { kind: 'stop' as const, power: { to: 'off' as const, selection: { group: 's' } } };

    await expect(change(stop)).rejects.toMatchObject({
      code: 'GUARD_REFUSED',
      exitCode: 4,
      message: 'The role store would lose its majority: 2 of 5 members would live, and 3 have to.',
    });
    const warned: string[] = [];
    const request = aChange({ ...stop, isForced: true });
    const onWarning = (text: string): void => void warned.push(text);
    await changeCluster(request, await engine.cluster(), { deps: engine.deps, stop: engine.stop, onWarning });

    expect(warned).toContain('The role store would lose its majority: 2 of 5 members would live, and 3 have to.');
    expect((await nodes()).filter(({ power }) => power === 'off')).toHaveLength(3);
  });

  it.each([false, true])(
    'refuses less nodes than a role needs and names how many it may be, forced: %s',
    async (isForced) => {
      const cluster = await engine.cluster();

      await expect(resizeRequest({ group: 's', count: 0, isForced })(cluster, engine.deps)).rejects.toMatchObject({
        code: 'GUARD_REFUSED',
        exitCode: 4,
        message: 'The group s cannot have 0 nodes: store needs at least 1 of them.',
        hint: 'Allowed are 1 nodes or more; no --force gets below that.',
        data: { allowed: 1 },
      });
    },
  );

  it('refuses a shrink by a spec alike', async () => {
    await expect(plan({ inputs: fleetInputs(withStores(0)), isForced: true })).rejects.toMatchObject({
      code: 'SPEC_UNSATISFIED',
      exitCode: 3,
    });
  });

  it('refuses what destroys machines of a protected cluster, and nothing else', async () => {
    const { id } = await engine.cluster();
    await engine.deps.store.clusters.update(id, { isProtected: true });

    await expect(change({ inputs: fleetInputs(withStores(1)) })).rejects.toMatchObject({ code: 'GUARD_REFUSED' });
    await change({ inputs: fleetInputs(withStores(4)) });

    expect(Object.keys(readMemoryWorld(engine.dir).machines)).toHaveLength(6);
  });
});

describe('a saved plan', () => {
  it('runs while all is as it was, and is refused once that changed', async () => {
    const request = aChange({ inputs: fleetInputs(leveled(2)) });
    const cluster = await engine.cluster();
    const given = { deps: engine.deps, stop: engine.stop, onWarning: () => undefined };
    const { plan: expected } = await prepareChange(request, cluster, engine.deps);

    expect(await changeCluster(request, cluster, { ...given, expected })).toBe(true);

    await expect(changeCluster(request, cluster, { ...given, expected })).rejects.toMatchObject({
      code: 'PLAN_OUTDATED',
      exitCode: 4,
    });
  });
});
