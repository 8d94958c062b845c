import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeCluster } from '../../../../src/engine/operations/change-cluster.js';
import { prepareChange } from '../../../../src/engine/operations/prepare-change.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { deleteCluster } from '../../../../src/engine/operations/delete-cluster.js';
import { fixRequest } from '../../../../src/engine/operations/fix-request.js';
import { cancelOperation, protectCluster, unlockCluster } from '../../../../src/engine/operations/hand-over.js';
import { lookAtNodes } from '../../../../src/engine/operations/look-at-nodes.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import { failNext, readMemoryWorld, type MemoryWorld } from '../../../fakes/memory-provider.js';
import { FLEET, fleetInputs } from '../../../unit/engine/sample-change.js';
import { testEngine, type TestEngine } from '../test-engine.js';

let engine: TestEngine;
const { signal } = new AbortController();

beforeEach(async () => {
  engine = testEngine();
  const inputs = fleetInputs({
    s: { roles: ['store'], count: 3, diskGB: 1 },
    w: { roles: ['worker'], count: 1 },
  });
  const resolved = resolveSource(inputs.source, {
    name: 'demo',
    roles: parseCookbooks(FLEET).roles,
    ordinals: new Map(),
  });
  await createCluster({ ...inputs, resolved, rehearsal: false, asked: {} }, engine.deps, engine.stop);
});

afterEach(() => {
  engine.remove();
});

async function health(): Promise<Readonly<Record<string, string>>> {
  const looks = await lookAtNodes(engine.deps, await engine.cluster(), signal);
  return Object.fromEntries(looks.map(({ node, health: found }) => [node, found]));
}

type Machines = MemoryWorld['machines'];

function changeMachines(change: (machines: Machines) => Machines): void {
  const world = readMemoryWorld(engine.dir);
  writeFileSync(join(engine.dir, 'machines.json'), JSON.stringify({ ...world, machines: change(world.machines) }));
}

/** As if the machine of a node had vanished. */
function lose(node: string): void {
  changeMachines((machines) =>
    Object.fromEntries(Object.entries(machines).filter(([, { mark }]) => mark.nodeName !== node)),
  );
}

/** As if somebody had pulled the plug. */
function turnOff(node: string): void {
  changeMachines((machines) =>
    Object.fromEntries(
      Object.entries(machines).map(([id, each]) => [
        id,
        each.mark.nodeName === node ? { ...each, state: 'off' } : each,
      ]),
    ),
  );
}

/** The machine of a node, with the machines that its disks were made for. */
function machineOf(node: string): { readonly id: string | undefined; readonly disks: readonly string[] } {
  const entries = Object.entries(readMemoryWorld(engine.dir).machines).filter(([, { mark }]) => mark.nodeName === node);
  expect(entries.length).toBeLessThan(2);
  return { id: entries[0]?.[0], disks: Object.values(entries[0]?.[1].disks ?? {}) };
}

async function proposal(named: string | null = null, perHour = 5) {
  return fixRequest({ named, perHour, isForced: false }, await engine.cluster(), { deps: engine.deps, signal });
}

async function fix(named: string | null = null, perHour = 5): Promise<boolean> {
  const request = await proposal(named, perHour);
  const given = { deps: engine.deps, stop: engine.stop, onWarning: () => undefined };
  return changeCluster(request, await engine.cluster(), given);
}

describe('a look at the nodes', () => {
  it('tells a machine that is gone, one that is silent and a role that is ill apart', async () => {
    lose('demo-s-0');
    engine.script({
      connects: { 'demo-s-1': { code: 'CONNECT_FAILED' } },
      commands: { 'probe-worker': { exitCode: 1, stderr: 'no work' } },
    });

    expect(await health()).toEqual({
      'demo-s-0': 'gone',
      'demo-s-1': 'silent',
      'demo-s-2': 'healthy',
      'demo-w-0': 'unhealthy',
    });
  });
});

describe('a fix', () => {
  it('makes what is gone anew, after which all is well and nothing to do', async () => {
    lose('demo-s-1');

    expect(await fix()).toBe(true);

    expect(new Set(Object.values(await health()))).toEqual(new Set(['healthy']));
    expect(await fix()).toBe(false);
  });

  it('leaves a node that answers alone unless it is named, and says so', async () => {
    engine.script({ commands: { 'probe-worker': { exitCode: 1 } } });

    const request = await proposal();

    expect(request.replace).toEqual({});
    expect(request.remarks).toEqual([expect.stringMatching(/^demo-w-0 answers, but is ill/)]);
    expect(Object.keys((await proposal('demo-w-0')).replace)).toEqual(['demo-w-0']);
  });

  it('leaves a node alone that was made anew twice within the hour', async () => {
    await fix('demo-w-0');
    await fix('demo-w-0');

    const request = await proposal('demo-w-0');

    expect(request.replace).toEqual({});
    expect(request.remarks).toEqual(['demo-w-0 was mended 2 times within the hour and is left alone']);
  });

  it('does nothing to a node that keeps dying, and the cluster is said to be degraded', async () => {
    for (const kill of [lose, turnOff]) {
      kill('demo-w-0');
      await fix();
    }
    lose('demo-w-0');
    lose('demo-s-1');

    const { remarks } = await proposal();
    await fix();

    expect(remarks).toEqual(['demo-w-0 was mended 2 times within the hour and is left alone']);
    expect(await health()).toMatchObject({ 'demo-w-0': 'gone', 'demo-s-1': 'healthy' });
    expect((await engine.cluster()).state).toBe('DEGRADED');
  });

  it('makes no more nodes anew within an hour than it may, and says which come later', async () => {
    lose('demo-s-0');
    await fix(null, 2);
    lose('demo-s-1');
    lose('demo-w-0');

    const { remarks } = await proposal(null, 2);
    await fix(null, 2);

    expect(remarks).toEqual([
      'demo-w-0: left for later, for at most 2 nodes are made anew within an hour (--per-hour)',
    ]);
    expect(await health()).toMatchObject({ 'demo-s-1': 'healthy', 'demo-w-0': 'gone' });
  });

  it('is about the named node alone', async () => {
    lose('demo-s-1');
    lose('demo-w-0');

    await fix('demo-w-0');

    expect(await health()).toMatchObject({ 'demo-s-1': 'gone', 'demo-w-0': 'healthy' });
  });

  it('takes no more members than the majority allows', async () => {
    lose('demo-s-0');
    lose('demo-s-1');

    await expect(fix()).rejects.toMatchObject({ code: 'GUARD_REFUSED', exitCode: 4 });

    expect(await health()).toMatchObject({ 'demo-s-0': 'gone', 'demo-s-1': 'gone', 'demo-s-2': 'healthy' });
  });

  it('refuses a name that the cluster does not have', async () => {
    await expect(proposal('demo-s-9')).rejects.toMatchObject({ code: 'UNKNOWN_NODE' });
  });
});

describe('data disks of a node that is made anew', () => {
  async function disksSaid(): Promise<readonly unknown[]> {
    const { plan } = await prepareChange(await proposal(), await engine.cluster(), engine.deps);
    return plan.steps.flatMap((step) => (step.kind === 'machine' ? [step.disks] : []));
  }

  it('go to the next machine where the old one is there, though it is silent', async () => {
    const before = machineOf('demo-s-1');
    engine.script({ connects: { 'demo-s-1': { code: 'CONNECT_FAILED' } } });
    const request = await proposal();
    engine.script({});

    await changeCluster(request, await engine.cluster(), {
      ...{ deps: engine.deps, stop: engine.stop },
      onWarning: () => undefined,
    });

    const after = machineOf('demo-s-1');
    expect(Object.keys(request.replace)).toEqual(['demo-s-1']);
    expect(after.id).not.toBe(before.id);
    expect(after.disks).toEqual([before.id]);
    expect(await fix()).toBe(false);
  });

  it('are new where nothing is left of the old one, and the plan says that they are lost', async () => {
    lose('demo-s-1');
    expect(await disksSaid()).toEqual(['lost']);

    await fix();

    expect(machineOf('demo-s-1').disks).toEqual([machineOf('demo-s-1').id]);
  });

  it('go on from machine to machine where none of the fresh ones comes up', async () => {
    const before = machineOf('demo-s-1');
    turnOff('demo-s-1');
    engine.script({ connects: { 'demo-s-1': { code: 'CONNECT_FAILED' } } });
    await expect(fix('demo-s-1')).rejects.toMatchObject({ code: 'MACHINE_NEVER_UP' });
    engine.script({});

    await fix('demo-s-1');

    expect(engine.events('machine-replaced')).toHaveLength(2);
    expect(machineOf('demo-s-1').disks).toEqual([before.id]);
  });

  it('are found again by another fix where the first one failed half way', async () => {
    const before = machineOf('demo-s-1');
    turnOff('demo-s-1');
    await failNext(engine.dir, { method: 'create', node: 'demo-s-1', leaves: 'partial' });
    await expect(fix('demo-s-1')).rejects.toMatchObject({ code: 'PROVIDER_FAILED' });

    expect(await disksSaid()).toEqual(['kept']);
    await fix();

    expect(machineOf('demo-s-1').disks).toEqual([before.id]);
  });
});

describe('a protected cluster', () => {
  it('cannot be deleted until the protection is taken away', async () => {
    await protectCluster(engine.deps, await engine.cluster(), true);
    await expect(deleteCluster(engine.deps, await engine.cluster(), engine.stop)).rejects.toMatchObject({
      code: 'GUARD_REFUSED',
      exitCode: 4,
    });

    expect(await protectCluster(engine.deps, await engine.cluster(), false)).toBe(true);
    await deleteCluster(engine.deps, await engine.cluster(), engine.stop);

    expect(await engine.deps.store.clusters.list()).toEqual([]);
  });
});

describe('a lease that somebody else has', () => {
  it('is ended by an unlock, so that the next holder takes over', async () => {
    const cluster = await engine.cluster();
    const { leases } = engine.deps.store;
    await leases.acquire(cluster.id, 'other', { now: engine.deps.clock.now(), ttlMs: 30_000 });

    expect(await unlockCluster(engine.deps, cluster)).toBe('other');

    const taken = await leases.acquire(cluster.id, 'me', { now: engine.deps.clock.now(), ttlMs: 30_000 });
    expect(taken.takenOver).toBe(true);
  });

  it('has its operation asked to stop by a cancel, where one runs', async () => {
    const cluster = await engine.cluster();
    expect(await cancelOperation(engine.deps, cluster)).toBeNull();
    const last = (await engine.operations()).find(({ kind }) => kind === 'create');
    await engine.deps.store.operations.update(last!.id, { state: 'running' });
    await engine.deps.store.leases.acquire(cluster.id, 'other', { now: engine.deps.clock.now(), ttlMs: 30_000 });

    expect((await cancelOperation(engine.deps, cluster))?.id).toBe(last!.id);

    expect((await engine.deps.store.operations.byId(last!.id))?.cancelAsked).toBe(true);
  });
});
