import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeCluster } from '../../../../src/engine/operations/change-cluster.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { deleteCluster } from '../../../../src/engine/operations/delete-cluster.js';
import { fixRequest } from '../../../../src/engine/operations/fix-request.js';
import { cancelOperation, protectCluster, unlockCluster } from '../../../../src/engine/operations/hand-over.js';
import { lookAtNodes } from '../../../../src/engine/operations/look-at-nodes.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import { resolveSource } from '../../../../src/engine/resolve-source.js';
import type { MemoryWorld } from '../../../fakes/memory-provider.js';
import { FLEET, fleetInputs } from '../../../unit/engine/sample-change.js';
import { testEngine, type TestEngine } from '../test-engine.js';

let engine: TestEngine;
const { signal } = new AbortController();

beforeEach(async () => {
  engine = testEngine();
  const inputs = fleetInputs({ s: { roles: ['store'], count: 3 }, w: { roles: ['worker'], count: 1 } });
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

/** As if the machine of a node had vanished. */
function lose(node: string): void {
  const file = join(engine.dir, 'machines.json');
  const world = JSON.parse(readFileSync(file, 'utf8')) as MemoryWorld;
  const machines = Object.entries(world.machines).filter(([, { mark }]) => mark.nodeName !== node);
  writeFileSync(file, JSON.stringify({ ...world, machines: Object.fromEntries(machines) }));
}

async function proposal(named: string | null = null) {
  return fixRequest(named, await engine.cluster(), { deps: engine.deps, signal, isForced: false });
}

async function fix(named: string | null = null): Promise<boolean> {
  const { request } = await proposal(named);
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

    const { request, leftAlone } = await proposal();

    expect(request.replace).toEqual({});
    expect(leftAlone).toEqual([expect.stringMatching(/^demo-w-0 answers, but is ill/)]);
    expect(Object.keys((await proposal('demo-w-0')).request.replace)).toEqual(['demo-w-0']);
  });

  it('leaves a node alone that was made anew twice within the hour', async () => {
    await fix('demo-w-0');
    await fix('demo-w-0');

    const { request, leftAlone } = await proposal('demo-w-0');

    expect(request.replace).toEqual({});
    expect(leftAlone).toEqual(['demo-w-0 was made anew 2 times within the hour and is left alone']);
  });

  it('refuses a name that the cluster does not have', async () => {
    await expect(proposal('demo-s-9')).rejects.toMatchObject({ code: 'UNKNOWN_NODE' });
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
