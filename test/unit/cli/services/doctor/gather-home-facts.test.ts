import { describe, expect, it } from 'vitest';
import { holderOfProcess } from '../../../../../src/cli/holder.js';
import { readStore } from '../../../../../src/cli/services/doctor/gather-home-facts.js';
import type { ClusterRecord, OperationRecord, Store } from '../../../../../src/engine/ports/store.js';
import type { ClusterId, Digest, OperationId } from '../../../../../src/errors/ids.js';
import { createMemoryStore } from '../../../../fakes/memory-store.js';

const HOUR = 3600 * 1000;
const NOW = 10 * HOUR;
const CLUSTER: ClusterRecord = {
  id: 'C1' as ClusterId,
  name: 'zk',
  state: 'CONVERGING',
  provider: 'local',
  spec: 'zookeeper/basic',
  distro: 'zookeeper@3.8',
  rehearsal: false,
  pins: 'd1' as Digest,
  epoch: 1,
  recordCount: 0,
  recordLeft: null,
  createdAt: 0,
  sshPublicKey: 'ssh-ed25519 AAAA',
  formerPins: null,
  isProtected: false,
};
const OPERATION: OperationRecord = {
  id: 'O1' as OperationId,
  clusterId: CLUSTER.id,
  clusterName: 'zk',
  kind: 'create',
  state: 'running',
  startedAt: NOW - 2 * HOUR,
  endedAt: null,
  user: 'ada',
  host: 'h1',
  request: {},
  plan: null,
  outcome: null,
  cancelAsked: false,
};
const BUILD = { ...OPERATION, id: 'O2' as OperationId, clusterId: null, clusterName: null, kind: 'template-build' };

async function storeWith(operations: readonly OperationRecord[]): Promise<Store> {
  const store = createMemoryStore();
  await store.clusters.insert(CLUSTER);
  for (const operation of operations) await store.operations.insert(operation);
  return store;
}

function read(store: Store) {
  return readStore(store, { path: '/s', now: NOW });
}

describe('readStore', () => {
  it('gives each cluster with its last operation', async () => {
    const store = await storeWith([OPERATION]);

    expect((await read(store)).clusters).toEqual([
      {
        id: 'C1',
        name: 'zk',
        state: 'CONVERGING',
        isHeld: false,
        last: { id: 'O1', kind: 'create', state: 'running', outcome: null },
      },
    ]);
  });

  it('sees that this very process holds a cluster', async () => {
    const store = await storeWith([OPERATION]);
    await store.leases.acquire(CLUSTER.id, holderOfProcess(), { now: NOW, ttlMs: 30_000 });

    expect((await read(store)).clusters[0]?.isHeld).toBe(true);
  });

  it('takes a lease that expired for none', async () => {
    const store = await storeWith([OPERATION]);
    await store.leases.acquire(CLUSTER.id, holderOfProcess(), { now: NOW - HOUR, ttlMs: 30_000 });

    expect((await read(store)).clusters[0]?.isHeld).toBe(false);
  });

  it('finds operations of the home that run for longer than any of them takes', async () => {
    const young = { ...BUILD, id: 'O3' as OperationId, startedAt: NOW - 1000 };
    const ended = { ...BUILD, id: 'O4' as OperationId, state: 'succeeded' as const };
    const store = await storeWith([BUILD, young, ended]);

    expect((await read(store)).deadHomeOperations).toEqual([
      { id: 'O2', kind: 'template-build', startedAt: '1970-01-01T08:00:00.000Z' },
    ]);
  });

  it('calls no operation of the home dead while a cluster is held', async () => {
    const store = await storeWith([BUILD]);
    await store.leases.acquire(CLUSTER.id, holderOfProcess(), { now: NOW, ttlMs: 30_000 });

    expect((await read(store)).deadHomeOperations).toEqual([]);
  });
});
