import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCluster } from '../../../../src/engine/operations/create-cluster.js';
import type { NetworkInventory } from '../../../../src/engine/ports/provider.js';
import { createMemoryProvider, readMemoryWorld } from '../../../fakes/memory-provider.js';
import { cookbook, sampleRequest, serviceRequest, SERVICE_REPOS } from '../../../unit/engine/sample-cluster.js';
import { testEngine, type TestEngine } from '../test-engine.js';

let engine: TestEngine;

beforeEach(() => {
  engine = testEngine();
  writeFileSync(join(engine.dir, 'repos.json'), JSON.stringify(SERVICE_REPOS));
});

afterEach(() => {
  engine.remove();
});

describe('createCluster', () => {
  it('brings every role to ready and the cluster to RUNNING', async () => {
    await createCluster(serviceRequest(), engine.deps, engine.stop);

    expect((await engine.cluster()).state).toBe('RUNNING');
    expect(engine.runs().filter((run) => run.includes('demo-c-0'))).toEqual([
      'demo-c-0 apply basic',
      'demo-c-0 apply client',
    ]);
    expect((await engine.operations()).map(({ kind, state }) => [kind, state])).toEqual([
      ['prepare', 'succeeded'],
      ['create', 'succeeded'],
    ]);
  });

  it('is PROVISIONING until the first run on a node, then CONVERGING', async () => {
    const seen = new Set<string>();
    const { deps } = engine;
    const watched = {
      ...deps,
      onEvent: () => {
        void deps.store.clusters.list().then(([cluster]) => seen.add(cluster?.state ?? 'none'));
      },
    };

    await createCluster(sampleRequest(), watched, engine.stop);

    expect([...seen]).toEqual(['PROVISIONING', 'CONVERGING', 'RUNNING']);
  });

  it('renders every template before anything is recorded', async () => {
    const broken = cookbook('broken', {
      'roles/broken.yaml': 'summary: Broken\nrunList: ["broken::x"]\n',
      'recipes/x.yaml': 'resources:\n  - file: /x\n    content: "{{attributes.nowhere}}"\n',
    });

    const creating = createCluster(
      sampleRequest({ groups: { a: ['broken'] }, cookbooks: [broken] }),
      engine.deps,
      engine.stop,
    );

    await expect(creating).rejects.toMatchObject({ code: 'RENDER_FAILED' });
    expect(await engine.deps.store.clusters.list()).toEqual([]);
    expect(await engine.operations()).toEqual([]);
  });

  it('refuses a name that is taken and leaves no address reserved', async () => {
    await createCluster(sampleRequest(), engine.deps, engine.stop);

    const again = createCluster(sampleRequest(), engine.deps, engine.stop);

    await expect(again).rejects.toMatchObject({ code: 'CLUSTER_EXISTS' });
    expect(await engine.deps.store.nodes.reservedAddresses('memory0')).toEqual(['10.64.0.10']);
    expect(Object.keys(readMemoryWorld(engine.dir).machines)).toHaveLength(1);
  });

  it('records nothing once it is asked to stop', async () => {
    engine.stop.first.abort(new Error('Ctrl-C'));

    const creating = createCluster(sampleRequest(), engine.deps, engine.stop);

    await expect(creating).rejects.toThrow('Ctrl-C');
    expect(await engine.deps.store.clusters.list()).toEqual([]);
  });

  it('gives nodes of two clusters different addresses', async () => {
    await Promise.all([
      createCluster(sampleRequest({ name: 'one', counts: { a: 2 } }), engine.deps, engine.stop),
      createCluster(sampleRequest({ name: 'two', counts: { a: 2 } }), engine.deps, engine.stop),
    ]);

    const reserved = await engine.deps.store.nodes.reservedAddresses('memory0');
    expect([...reserved].sort()).toEqual(['10.64.0.10', '10.64.0.11', '10.64.0.12', '10.64.0.13']);
  });

  it('leaves addresses alone that answer and are not ours', async () => {
    const foreign = engineOn({ foreignAddresses: ['10.64.0.10', '10.64.0.12'] });

    await createCluster(sampleRequest({ counts: { a: 2 } }), foreign, engine.stop);

    expect(await engine.deps.store.nodes.reservedAddresses('memory0')).toEqual(['10.64.0.11', '10.64.0.13']);
  });

  it('refuses to go on where the network is another one than when addresses were reserved', async () => {
    const { provider } = engine.deps;
    const moved = {
      ...engine.deps,
      provider: {
        ...provider,
        network: {
          ensureNetwork: () =>
            Promise.resolve({ ...NETWORK, cidr: '10.99.0.0/24', range: ['10.99.0.10', '10.99.0.99'] as const }),
          removeNetwork: () => Promise.resolve(),
        },
      },
    };

    const creating = createCluster(sampleRequest(), moved, engine.stop);

    await expect(creating).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED', exitCode: 4 });
    await expect(creating).rejects.toThrow('were reserved in another one (10.64.0.10)');
    expect((await engine.cluster()).state).toBe('FAILED');
  });
});

const NETWORK: NetworkInventory = {
  name: 'memory0',
  cidr: '10.64.0.0/22',
  hostAddress: '10.64.0.1',
  range: ['10.64.0.10', '10.64.3.250'],
  foreignAddresses: [],
};

/** The same engine on a network that is a bit different. */
function engineOn(network: Partial<NetworkInventory>): TestEngine['deps'] {
  const inventory = { networks: [{ ...NETWORK, ...network }] };
  return { ...engine.deps, provider: createMemoryProvider({ dir: engine.dir, inventory }) };
}
