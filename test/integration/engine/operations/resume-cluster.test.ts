import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { resumeCluster } from '../../../../src/engine/operations/resume-cluster.js';
import type { FaultMoment } from '../../../../src/engine/fault-points.js';
import { readNodeCounts } from '../../../fakes/memory-nodes.js';
import { readMemoryWorld } from '../../../fakes/memory-provider.js';
import { sampleRequest, serviceRequest, SERVICE_REPOS } from '../../../unit/engine/sample-cluster.js';
import { testEngine, type TestEngine } from '../test-engine.js';

let engine: TestEngine;

beforeEach(() => {
  engine = testEngine();
  writeFileSync(join(engine.dir, 'repos.json'), JSON.stringify(SERVICE_REPOS));
});

afterEach(() => {
  engine.remove();
});

/** Drops everything at a fault point, as the second Ctrl-C does: steps stay as they are, for a resume to look up. */
async function createAndDropAt(point: string, request = sampleRequest()): Promise<void> {
  const dropping = new AbortController();
  const died = new Error('dropped');
  const faults = {
    reach: (effect: { readonly kind: string; readonly node?: string | undefined }, moment: FaultMoment): void => {
      if (`${effect.kind} ${effect.node ?? '-'} ${moment}` !== point) return;
      dropping.abort(died);
      throw died;
    },
  };
  const stop = { stopStarting: dropping.signal, abort: dropping.signal };

  await expect(createCluster(request, { ...engine.deps, faults }, stop)).rejects.toBe(died);
}

async function resume(deps = engine.deps): Promise<void> {
  await resumeCluster('demo', { ...deps, holder: 'second' }, engine.stop);
}

function theMachine(): string {
  return Object.keys(readMemoryWorld(engine.dir).machines)[0] ?? '';
}

function editWorld(edit: (world: { machines: Record<string, { state: string }> }) => void): void {
  const file = join(engine.dir, 'machines.json');
  const world = JSON.parse(readFileSync(file, 'utf8')) as { machines: Record<string, { state: string }> };
  edit(world);
  writeFileSync(file, JSON.stringify(world));
}

describe('resumeCluster', () => {
  it('says that there is nothing to resume after a success', async () => {
    await createCluster(sampleRequest(), engine.deps, engine.stop);

    const outcome = await resumeCluster('demo', engine.deps, engine.stop);

    expect(outcome.type).toBe('nothing-to-resume');
    expect((await engine.cluster()).epoch).toBe(1);
  });

  it('names what it does not know', async () => {
    await expect(resumeCluster('nobody', engine.deps, engine.stop)).rejects.toMatchObject({
      code: 'UNKNOWN_CLUSTER',
      exitCode: 2,
    });
  });

  it('changes nothing of an operation that another controller runs', async () => {
    await createAndDropAt('run demo-a-0 before');
    const { id } = await engine.cluster();
    await engine.deps.store.leases.acquire(id, 'other/boot/77/1', { now: engine.deps.clock.now(), ttlMs: 30_000 });
    const before = await engine.operations();

    const resuming = resume();

    await expect(resuming).rejects.toMatchObject({ code: 'LEASE_HELD', exitCode: 9 });
    await expect(resuming).rejects.toThrow('A create by tester (process 77 on other) is at work on the cluster demo.');
    expect(await engine.operations()).toEqual(before);
  });
});

describe('a run that the journal has open', () => {
  it('is not started a second time where it ended well', async () => {
    await createAndDropAt('run demo-a-0 after');

    await resume();

    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(engine.runs()).toEqual(['demo-a-0 apply basic']);
    expect(readNodeCounts(engine.dir, theMachine())).toMatchObject({ runs: 1, attaches: 1 });
  });

  it('is not even asked for where its result was recorded', async () => {
    await createAndDropAt('run demo-a-0 recorded');

    await resume();

    expect(readNodeCounts(engine.dir, theMachine())).toMatchObject({ runs: 1, attaches: 0 });
  });

  it('is repeated where it ended badly while nobody looked', async () => {
    engine.script({ runs: { basic: { exitCode: 1, times: 1 } } });
    await createAndDropAt('run demo-a-0 after');

    await resume();

    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(engine.runs()).toEqual(['demo-a-0 apply basic', 'demo-a-0 apply basic']);
  });

  it('is started where the node never heard of it', async () => {
    await createAndDropAt('run demo-a-0 before');

    await resume();

    expect(engine.runs()).toEqual(['demo-a-0 apply basic']);
  });
});

describe('a machine that went away since', () => {
  it('is made anew, and all that was done on it is done again', async () => {
    await createAndDropAt('record - before', serviceRequest());
    editWorld(({ machines }) => {
      const lost = Object.keys(machines).find((id) => JSON.stringify(machines[id]).includes('demo-s-1')) ?? '';
      Reflect.deleteProperty(machines, lost);
    });

    await resume();

    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(engine.runs()).toEqual([
      'demo-c-0 apply basic',
      'demo-c-0 apply client',
      'demo-s-0 apply basic',
      'demo-s-0 apply packages',
      'demo-s-0 apply server',
      'demo-s-1 apply basic',
      'demo-s-1 apply packages',
      'demo-s-1 apply server',
      'demo-s-2 apply basic',
      'demo-s-2 apply packages',
      'demo-s-2 apply server',
    ]);
    const generations = Object.values(readMemoryWorld(engine.dir).machines).map(
      ({ mark }) => `${mark.nodeName}#${String(mark.generation)}`,
    );
    expect(generations.sort()).toEqual(['demo-c-0#1', 'demo-s-0#1', 'demo-s-1#2', 'demo-s-2#1']);
  });

  it('is only started where it is off, and nothing runs again', async () => {
    await createAndDropAt('record - before');
    const before = theMachine();
    editWorld(({ machines }) => {
      for (const machine of Object.values(machines)) machine.state = 'off';
    });

    await resume();

    expect(theMachine()).toBe(before);
    expect(readMemoryWorld(engine.dir).machines[before]?.state).toBe('on');
    expect(engine.runs()).toEqual(['demo-a-0 apply basic']);
  });
});

describe('a take-over', () => {
  /** The first controller dies without giving its lease back. */
  async function leaveLease(): Promise<void> {
    const { id } = await engine.cluster();
    await engine.deps.store.leases.acquire(id, 'first', { now: engine.deps.clock.now(), ttlMs: 30_000 });
  }

  const afterDeath = (): TestEngine['deps'] => ({ ...engine.deps, isGone: (holder) => holder === 'first' });

  it('fences every node with the new epoch before it runs anything', async () => {
    await createAndDropAt('run demo-a-0 after');
    await leaveLease();

    await resume(afterDeath());

    const { epoch } = await engine.cluster();
    const seen: unknown = JSON.parse(readFileSync(join(engine.dir, 'nodes', theMachine(), 'epoch.json'), 'utf8'));
    expect(seen).toMatchObject({ epoch });
    expect(readNodeCounts(engine.dir, theMachine())).toMatchObject({ fences: 1, runs: 1 });
  });

  it('goes on past a node that does not answer', async () => {
    await createAndDropAt('record - before', serviceRequest());
    await leaveLease();
    engine.script({ connects: { 'demo-s-2': { code: 'CONNECT_FAILED', times: 1 } } });

    await resume(afterDeath());

    expect(engine.events('fence-skipped').map(({ node }) => node)).toEqual(['demo-s-2']);
    expect((await engine.cluster()).state).toBe('RUNNING');
  });

  it('is lost at once where a node follows a higher epoch', async () => {
    await createAndDropAt('run demo-a-0 after');
    await leaveLease();
    writeFileSync(join(engine.dir, 'nodes', theMachine(), 'epoch.json'), '{"epoch":99,"adopted":null}');

    const resuming = resume(afterDeath());

    await expect(resuming).rejects.toMatchObject({ code: 'LEASE_LOST', exitCode: 9 });
    await expect(resuming).rejects.toThrow('demo-a-0 has seen epoch 99');
  });
});

describe('an operation that lost its cluster', () => {
  it('writes nothing about how it ended', async () => {
    const { deps } = engine;
    const { clusters, leases } = deps.store;
    const stealing = {
      ...deps,
      nodes: {
        ...deps.nodes,
        connect: (async (target, options) => {
          const [cluster] = await clusters.list();
          if (cluster !== undefined) {
            const { epoch } = cluster;
            await leases.release(cluster.id, epoch);
            await leases.acquire(cluster.id, 'thief', { now: deps.clock.now(), ttlMs: 30_000 });
          }
          return deps.nodes.connect(target, options);
        }) satisfies typeof deps.nodes.connect,
      },
    };

    const creating = createCluster(sampleRequest(), stealing, engine.stop);

    await expect(creating).rejects.toMatchObject({ code: 'LEASE_LOST' });
    const operation = (await engine.operations()).find(({ kind }) => kind === 'create');
    expect(operation).toMatchObject({ state: 'running', endedAt: null });
    expect((await engine.cluster()).state).toBe('PROVISIONING');
  });
});

describe('prepare operations', () => {
  it('that nobody runs any more are told as interrupted by a resume', async () => {
    await createAndDropAt('run demo-a-0 before');
    const prepare = (await engine.operations()).find(({ kind }) => kind === 'prepare');
    const create = (await engine.operations()).find(({ kind }) => kind === 'create');
    await engine.deps.store.operations.update(prepare?.id ?? ('' as never), { state: 'running', endedAt: null });

    await resume();

    const after = (await engine.operations()).find(({ id }) => id === prepare?.id);
    expect(after).toMatchObject({ state: 'interrupted', outcome: 'its controller is gone' });
    expect(prepare?.request).toMatchObject({ cluster: 'demo', preparedFor: create?.id });
  });
});
