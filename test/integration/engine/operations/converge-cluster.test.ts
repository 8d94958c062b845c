import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { convergeCluster, planConverge } from '../../../../src/engine/operations/converge-cluster.js';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import type { ConvergeSelection } from '../../../../src/engine/operations/selection.js';
import { readMemoryWorld } from '../../../fakes/memory-provider.js';
import { serviceRequest, SERVICE_REPOS } from '../../../unit/engine/sample-cluster.js';
import { testEngine, type TestEngine } from '../test-engine.js';

const OTHER_SIZE = { cpuCount: 1, memoryMiB: 512, diskGiB: 99 };

let engine: TestEngine;
let runsOfCreate: number;

beforeEach(async () => {
  engine = testEngine();
  writeFileSync(join(engine.dir, 'repos.json'), JSON.stringify(SERVICE_REPOS));
  await createCluster(serviceRequest(), engine.deps, engine.stop);
  runsOfCreate = engine.runs().length;
});

afterEach(() => {
  engine.remove();
});

async function converge(selection: ConvergeSelection = {}): Promise<void> {
  await convergeCluster(selection, await engine.cluster(), { deps: engine.deps, stop: engine.stop });
}

/** Whom the last operation left the record on. */
async function nodesOfRecord(): Promise<unknown> {
  const { operations } = engine.deps.store;
  const [last] = await operations.list((await engine.cluster()).id);
  const journal = last === undefined ? [] : await operations.journal(last.id);
  return journal.flatMap((entry) =>
    entry.type === 'intent' && entry.stepId === 'record' ? [entry.ref['nodes']] : [],
  )[0];
}

/** As if somebody had changed what the role lays on these nodes. */
function forgetOn(nodes: readonly string[], key: string): void {
  for (const { mark } of Object.values(readMemoryWorld(engine.dir).machines)) {
    if (nodes.includes(mark.nodeName)) rmSync(join(engine.dir, 'nodes', mark.machineId, 'applied', key));
  }
}

async function planIds(selection: ConvergeSelection): Promise<readonly string[]> {
  return (await planConverge(selection, await engine.cluster(), engine.deps)).steps.map((step) => step.id);
}

describe('convergeCluster', () => {
  it('looks at everything again, packages too, and makes no machine', async () => {
    await converge();

    expect(engine.runs()).toHaveLength(2 * runsOfCreate);
    expect(engine.runs().filter((run) => run.startsWith('demo-s-0'))).toEqual([
      'demo-s-0 apply basic',
      'demo-s-0 apply packages',
      'demo-s-0 apply server',
      'demo-s-0 apply basic',
      'demo-s-0 check packages',
      'demo-s-0 check server',
    ]);
    expect(Object.keys(readMemoryWorld(engine.dir).machines)).toHaveLength(4);
    expect((await engine.cluster()).state).toBe('RUNNING');
  });

  it('refuses where a node needs another machine than the one that is there, and records nothing', async () => {
    const { nodes } = engine.deps.store;
    for (const machine of await nodes.listMachines((await engine.cluster()).id)) {
      if (machine.shape !== null) await nodes.putMachine({ ...machine, shape: { ...machine.shape, size: OTHER_SIZE } });
    }
    const before = await engine.deps.store.operations.list((await engine.cluster()).id);

    await expect(converge()).rejects.toMatchObject({
      code: 'GUARD_REFUSED',
      message: expect.stringMatching(
        /^A converge runs recipes alone; demo-s-0 needs another machine: its disks/,
      ) as string,
    });

    expect(await engine.deps.store.operations.list((await engine.cluster()).id)).toEqual(before);
    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(Object.keys(readMemoryWorld(engine.dir).machines)).toHaveLength(4);
  });

  it('ends every run of an unchanged cluster as unchanged', async () => {
    await converge();

    const states = Object.entries(await engine.steps()).filter(([id]) => /^(converge|packages)/.test(id));
    expect(states.map(([, state]) => state)).toEqual(states.map(() => 'unchanged'));
    expect(states).toHaveLength(11);
  });

  it('leaves a cluster record that says nothing new on three holders, and another one on every node it opens', async () => {
    await converge();
    const holders = await nodesOfRecord();
    await engine.deps.store.clusters.update((await engine.cluster()).id, { isProtected: true });
    await converge();

    expect(holders).toEqual(['demo-s-0', 'demo-s-1', 'demo-c-0']);
    expect(await nodesOfRecord()).toEqual(['demo-s-0', 'demo-s-1', 'demo-s-2', 'demo-c-0']);
  });

  it('runs only the role that is asked for, then looks whether it is ready and accepted', async () => {
    expect(await planIds({ role: 'server', node: 'demo-s-1' })).toEqual([
      'roll/server',
      'ready/server',
      'accept/server',
      'record',
    ]);
  });

  it('changes members in service that differ one at a time, and leaves the others alone', async () => {
    forgetOn(['demo-s-0', 'demo-s-2'], 'server');

    await converge({ role: 'server' });

    const told = engine.events('step').map(({ text }) => text);
    expect(told.filter((text) => /^converge\/demo-s-\d\/server (running|done)$/.test(text)).slice(-4)).toEqual([
      'converge/demo-s-0/server running',
      'converge/demo-s-0/server done',
      'converge/demo-s-2/server running',
      'converge/demo-s-2/server done',
    ]);
    expect(
      engine
        .runs()
        .filter((run) => run.startsWith('demo-s-1'))
        .at(-1),
    ).toBe('demo-s-1 check server');
  });

  it('stops with the first member in service that fails', async () => {
    forgetOn(['demo-s-0', 'demo-s-1'], 'server');
    engine.script({ runs: { 'demo-s-0/server': { exitCode: 1 } } });

    await expect(converge({ role: 'server' })).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });

    expect(engine.runs().filter((run) => run === 'demo-s-0 apply server')).toHaveLength(2);
    expect(engine.runs().filter((run) => run === 'demo-s-1 apply server')).toHaveLength(1);
  });

  it('is refused while the cluster is stopped, and leaves it so', async () => {
    const { id } = await engine.cluster();
    await engine.deps.store.clusters.update(id, { state: 'STOPPED' });

    await expect(converge()).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED', exitCode: 4 });

    expect((await engine.cluster()).state).toBe('STOPPED');
  });

  it('is refused once a stop that failed has begun with every node', async () => {
    const { id } = await engine.cluster();
    const { clusters, nodes } = engine.deps.store;
    for (const node of await nodes.listNodes(id)) await nodes.putNode({ ...node, power: 'off' });
    await clusters.update(id, { state: 'DEGRADED' });

    await expect(converge()).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED', exitCode: 4 });

    expect((await engine.cluster()).state).toBe('DEGRADED');
  });

  it('gives the same plan when it is asked twice', async () => {
    const cluster = await engine.cluster();

    const plans = [await planConverge({}, cluster, engine.deps), await planConverge({}, cluster, engine.deps)];

    expect(plans[0]).toEqual(plans[1]);
  });

  it('makes a machine anew that is gone, and what was applied on it', async () => {
    const file = join(engine.dir, 'machines.json');
    const world = JSON.parse(readFileSync(file, 'utf8')) as {
      machines: Record<string, { mark: { nodeName: string } }>;
    };
    const lost = Object.keys(world.machines).find((id) => world.machines[id]?.mark.nodeName === 'demo-c-0') ?? '';
    Reflect.deleteProperty(world.machines, lost);
    writeFileSync(file, JSON.stringify(world));

    await converge({ node: 'demo-c-0' });

    const { machines } = readMemoryWorld(engine.dir);
    const client = Object.values(machines).find(({ mark }) => mark.nodeName === 'demo-c-0');
    expect(client?.mark.generation).toBe(2);
    expect(machines[lost]).toBeUndefined();
    const records = await engine.deps.store.nodes.listMachines((await engine.cluster()).id);
    expect(records.filter(({ nodeName }) => nodeName === 'demo-c-0').map(({ generation }) => generation)).toEqual([2]);
  });

  it('leaves the cluster DEGRADED where a run fails', async () => {
    engine.script({ runs: { 'demo-c-0/client': { exitCode: 1 } } });

    await expect(converge()).rejects.toMatchObject({ code: 'CONVERGE_FAILED' });

    expect((await engine.cluster()).state).toBe('DEGRADED');
  });

  it('leaves no operation behind where another controller is at work', async () => {
    const { id } = await engine.cluster();
    await engine.deps.store.leases.acquire(id, 'other', { now: engine.deps.clock.now(), ttlMs: 30_000 });

    await expect(converge()).rejects.toMatchObject({ code: 'LEASE_HELD' });

    expect((await engine.operations()).map(({ kind }) => kind)).toEqual(['prepare', 'create']);
  });

  it('refuses a cluster that is being deleted', async () => {
    await engine.deps.store.clusters.update((await engine.cluster()).id, { state: 'DELETING' });

    await expect(converge()).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED', exitCode: 4 });
  });
});

describe('a selection', () => {
  it.each([
    [{ role: 'servr' }, 'USAGE', 'The cluster demo has no role "servr"; it has basic, client, server.'],
    [{ group: 'x' }, 'USAGE', 'The cluster demo has no group "x"; it has s, c.'],
    [
      { node: 'demo-s-9' },
      'UNKNOWN_NODE',
      'The cluster demo has no node "demo-s-9"; it has demo-s-0, demo-s-1, demo-s-2, demo-c-0.',
    ],
    [{ role: 'server', group: 'c' }, 'USAGE', 'None of the chosen nodes of demo has the role server.'],
  ])('is refused where nothing fits it: %j', async (selection, code, message) => {
    await expect(converge(selection)).rejects.toMatchObject({ code, message, exitCode: 2 });
    expect(engine.runs()).toHaveLength(runsOfCreate);
  });
});
