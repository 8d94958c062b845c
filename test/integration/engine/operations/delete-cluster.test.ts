import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import { deleteCluster, planDelete } from '../../../../src/engine/operations/delete-cluster.js';
import { resumeCluster } from '../../../../src/engine/operations/resume-cluster.js';
import type { Digest } from '../../../../src/errors/ids.js';
import { readMemoryMirror } from '../../../fakes/memory-mirror.js';
import { failNext, readMemoryWorld } from '../../../fakes/memory-provider.js';
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

async function remove(name = 'demo', abandon = false): Promise<void> {
  const cluster = await engine.deps.store.clusters.byName(name);
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  await deleteCluster(engine.deps, cluster, { ...engine.stop, abandon });
}

describe('deleteCluster', () => {
  it('leaves no machine, package, network, address or secret of the last cluster', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    const { id } = await engine.cluster();

    await remove();

    const { store } = engine.deps;
    expect(readMemoryWorld(engine.dir)).toMatchObject({ machines: {}, hasNetwork: false });
    expect(readMemoryMirror(engine.dir)).toMatchObject({ published: {}, serving: null });
    expect(await store.clusters.list()).toEqual([]);
    expect(await store.nodes.reservedAddresses('memory0')).toEqual([]);
    expect(await store.secrets.list(id)).toEqual([]);
  });

  it('leaves mirror and network to the clusters that go on', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    await createCluster(sampleRequest({ name: 'other' }), engine.deps, engine.stop);

    await remove();

    expect(readMemoryWorld(engine.dir).hasNetwork).toBe(true);
    expect(readMemoryMirror(engine.dir).serving).toBe('10.64.0.1');
    expect(Object.values(readMemoryWorld(engine.dir).machines).map(({ mark }) => mark.clusterName)).toEqual(['other']);
  });

  it('frees the name for the next cluster', async () => {
    await createCluster(sampleRequest(), engine.deps, engine.stop);
    await remove();

    await createCluster(sampleRequest(), engine.deps, engine.stop);

    expect((await engine.cluster()).state).toBe('RUNNING');
  });

  it('stays DELETING while a machine cannot be destroyed, and a resume ends it', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    await failNext(engine.dir, { method: 'destroy', node: 'demo-s-1' });

    await expect(remove()).rejects.toMatchObject({ code: 'PROVIDER_FAILED', exitCode: 5 });

    expect((await engine.cluster()).state).toBe('DELETING');
    expect(Object.values(readMemoryWorld(engine.dir).machines).map(({ mark }) => mark.nodeName)).toEqual(['demo-s-1']);

    await resumeCluster('demo', engine.deps, engine.stop);

    expect(readMemoryWorld(engine.dir).machines).toEqual({});
    expect(await engine.deps.store.clusters.list()).toEqual([]);
  });

  it('lists what it could not remove, why, where, and how to', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    await failNext(engine.dir, { method: 'destroy', node: 'demo-s-1', times: 9 });
    const [id = ''] = Object.entries(readMemoryWorld(engine.dir).machines)
      .filter(([, { mark }]) => mark.nodeName === 'demo-s-1')
      .map(([machineId]) => machineId);

    const error: unknown = await remove().catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      code: 'PROVIDER_FAILED',
      message: 'The cluster demo is not gone: machines of demo-s-1 are left.',
      hint: 'Remove the cause, then run bde cluster delete demo again; or forget what is left with bde cluster delete demo --abandon.',
      failures: [{ subject: { node: 'demo-s-1' }, hint: `remove ${id}` }],
      data: {
        left: [
          {
            node: 'demo-s-1',
            machineId: id,
            why: 'destroy of demo-s-1 failed, as a test asked for',
            traces: [{ where: `entry ${id}`, how: `remove ${id}` }],
          },
        ],
      },
    });
  });

  it('forgets the cluster where it is abandoned, and tells what stays', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    await failNext(engine.dir, { method: 'destroy', node: 'demo-s-1', times: 9 });
    await failNext(engine.dir, { method: 'network', node: '-' });

    await remove('demo', true);

    expect(await engine.deps.store.clusters.list()).toEqual([]);
    expect(readMemoryMirror(engine.dir).published).toEqual({});
    expect(Object.values(readMemoryWorld(engine.dir).machines).map(({ mark }) => mark.nodeName)).toEqual(['demo-s-1']);
    expect(engine.events('warning').map(({ text }) => text)).toEqual([
      expect.stringMatching(/^machine \w+ of demo-s-1 is left \(destroy of demo-s-1 failed.*By hand: entry/),
      expect.stringMatching(/^withdraw failed: network of - failed/),
    ]);
  });

  it('goes by the store while the provider cannot say what it has, and asks again at the end', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    await failNext(engine.dir, { method: 'list', node: '-' });

    await remove();

    expect(readMemoryWorld(engine.dir).machines).toEqual({});
  });

  it('is not done while the provider cannot say that nothing is left', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    await failNext(engine.dir, { method: 'list', node: '-', times: 2 });

    await expect(remove()).rejects.toMatchObject({ code: 'PROVIDER_FAILED' });
    expect((await engine.cluster()).state).toBe('DELETING');
    await remove();

    expect(await engine.deps.store.clusters.list()).toEqual([]);
  });

  it('can be asked for again while the network stays', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    await failNext(engine.dir, { method: 'network', node: '-' });

    await expect(remove()).rejects.toMatchObject({ code: 'PROVIDER_FAILED' });
    await remove();

    expect(readMemoryWorld(engine.dir)).toMatchObject({ machines: {}, hasNetwork: false });
  });

  it('destroys machines that only the provider knows of', async () => {
    await createCluster(sampleRequest(), engine.deps, engine.stop);
    const { id } = await engine.cluster();
    const [machine] = await engine.deps.store.nodes.listMachines(id);
    await engine.deps.store.nodes.removeMachine(machine?.id ?? ('' as never));

    await remove();

    expect(readMemoryWorld(engine.dir).machines).toEqual({});
  });

  it('works on a cluster that was never planned', async () => {
    writeFileSync(join(engine.dir, 'repos.json'), '{}');
    await createCluster(serviceRequest(), engine.deps, engine.stop).catch(() => undefined);

    await remove();

    expect(await engine.deps.store.clusters.list()).toEqual([]);
  });

  it('plans what the provider lists and nothing more', async () => {
    await createCluster(sampleRequest(), engine.deps, engine.stop);

    const plan = await planDelete(engine.deps, await engine.cluster());

    expect(plan.steps.map((step) => step.id)).toEqual(['destroy/demo-a-0#1', 'withdraw']);
    expect(plan.summary.machinesToDestroy).toBe(1);
  });
});

describe('blobs', () => {
  it('of a deleted cluster are swept, those of others and of operations stay', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);
    await createCluster(sampleRequest({ name: 'other' }), engine.deps, engine.stop);
    const { blobs, clusters, operations } = engine.deps.store;
    const gone = (await clusters.byName('demo'))?.pins ?? ('' as Digest);
    const kept = (await clusters.byName('other'))?.pins ?? ('' as Digest);

    await remove();

    expect(await blobs.has(gone)).toBe(false);
    expect(await blobs.has(kept)).toBe(true);
    const plans = (await operations.list()).flatMap(({ plan }) => plan ?? []);
    expect(await Promise.all(plans.map((plan) => blobs.has(plan)))).toEqual(plans.map(() => true));
    expect(plans).toHaveLength(5);
  });

  it('that cannot be swept do not fail the delete', async () => {
    await createCluster(sampleRequest(), engine.deps, engine.stop);
    await createCluster(sampleRequest({ name: 'other' }), engine.deps, engine.stop);
    const other = await engine.deps.store.clusters.byName('other');
    await engine.deps.store.clusters.update(other?.id ?? ('' as never), { pins: 'not there' as Digest });

    await remove();

    expect(engine.events('warning').map(({ text }) => text)).toEqual([
      expect.stringMatching(/^left-over blobs stay in the store: /),
    ]);
  });
});
