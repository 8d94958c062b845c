import { describe, expect, it } from 'vitest';
import { acquireLease, type LeaseDependencies } from '../../../src/engine/lease.js';
import type { ClusterRecord, Store } from '../../../src/engine/ports/store.js';
import { createMemoryStore } from '../../fakes/memory-store.js';
import { fixedClock, type FixedClock } from '../../fakes/fixed-clock.js';
import { aCluster } from '../../contract/store-records.js';

const TTL_MS = 30_000;

const LISTEN_MS = 1_000;
const QUIET = { listenMs: LISTEN_MS, askedToStop: () => Promise.resolve(null) };

async function setting(): Promise<{
  store: Store;
  clock: FixedClock;
  cluster: ClusterRecord;
  deps: LeaseDependencies;
}> {
  const store = createMemoryStore();
  const clock = fixedClock();
  const cluster = aCluster();
  await store.clusters.insert(cluster);
  const deps = { leases: store.leases, clock, holder: 'first', isGone: () => false, ttlMs: TTL_MS, ...QUIET };
  return { store, clock, cluster, deps };
}

/** Lets promises that a clock woke run to their next wait. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('acquireLease', () => {
  it('raises the epoch of the cluster', async () => {
    const { cluster, deps, store } = await setting();

    const lease = await acquireLease(cluster, deps);

    expect(lease.epoch).toBe(1);
    expect(lease.takenOver).toBe(false);
    expect((await store.clusters.byId(cluster.id))?.epoch).toBe(1);
    await lease.release();
  });

  it('refuses while another controller holds it', async () => {
    const { cluster, deps } = await setting();
    const lease = await acquireLease(cluster, deps);

    await expect(acquireLease(cluster, { ...deps, holder: 'second' })).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await lease.release();
  });

  it('takes over at once from a holder whose process is gone', async () => {
    const { cluster, deps } = await setting();
    await acquireLease(cluster, deps);

    const second = await acquireLease(cluster, { ...deps, holder: 'second', isGone: (holder) => holder === 'first' });

    expect(second).toMatchObject({ epoch: 2, takenOver: true });
    await second.release();
  });

  it('takes over from a holder that let its lease expire', async () => {
    const { cluster, deps } = await setting();
    await acquireLease(cluster, deps);
    const late = fixedClock(deps.clock.now() + TTL_MS + 1);

    const second = await acquireLease(cluster, { ...deps, clock: late, holder: 'second' });

    expect(second.takenOver).toBe(true);
    await second.release();
  });

  it('keeps the lease while it can renew', async () => {
    const { cluster, deps, clock } = await setting();
    const lease = await acquireLease(cluster, deps);

    for (let turn = 0; turn < 10; turn += 1) {
      clock.advance(TTL_MS / 3);
      await settle();
    }

    await expect(lease.guard()).resolves.toBeUndefined();
    await lease.release();
  });

  it('ends a holder that slept past half of its lease', async () => {
    const { cluster, deps } = await setting();
    const frozen = fixedClock();
    const lease = await acquireLease(cluster, {
      ...deps,
      clock: { ...frozen, sleep: () => new Promise(() => undefined) },
    });

    frozen.advance(TTL_MS / 2 + 1);

    await expect(lease.guard()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(lease.lost.aborted).toBe(true);
  });

  it('tells the former holder when another one took over', async () => {
    const { cluster, deps, clock } = await setting();
    const first = await acquireLease(cluster, deps);
    const second = await acquireLease(cluster, { ...deps, holder: 'second', isGone: () => true });

    clock.advance(TTL_MS / 3);
    await settle();

    await expect(first.guard()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await second.release();
  });

  it('lets nothing act any more once it was given back', async () => {
    const { cluster, deps } = await setting();
    const lease = await acquireLease(cluster, deps);

    await lease.release();

    await expect(lease.guard()).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });

  it('hears within a second that somebody asks it to stop', async () => {
    const { cluster, deps, clock } = await setting();
    const asked: { reason: Error | null } = { reason: null };
    const lease = await acquireLease(cluster, { ...deps, askedToStop: () => Promise.resolve(asked.reason) });

    asked.reason = new Error('cancelled');
    const before = lease.cancelled.aborted;
    clock.advance(LISTEN_MS);
    await settle();

    expect([before, lease.cancelled.aborted, lease.cancelled.reason]).toEqual([false, true, asked.reason]);
    await expect(lease.guard()).resolves.toBeUndefined();
    await lease.release();
  });

  it('hears it at once where it is told to listen, also after a store that was busy', async () => {
    const { cluster, deps } = await setting();
    const answers = [Promise.reject(new Error('busy')), Promise.resolve(new Error('cancelled'))];
    const lease = await acquireLease(cluster, { ...deps, askedToStop: () => answers.shift() ?? Promise.resolve(null) });

    await lease.listen();
    const heardNothing = lease.cancelled.aborted;
    await lease.listen();

    expect([heardNothing, lease.cancelled.aborted]).toEqual([false, true]);
    await lease.release();
  });

  it('ends by itself at half its time while the store cannot be written', async () => {
    const { cluster, deps, clock } = await setting();
    const leases = { ...deps.leases, renew: () => Promise.reject(new Error('locked')) };
    const lease = await acquireLease(cluster, { ...deps, leases });

    for (let turn = 0; turn < 2; turn += 1) {
      clock.advance(TTL_MS / 3);
      await settle();
    }

    expect(lease.lost.aborted).toBe(true);
    expect(lease.lost.reason).toMatchObject({
      code: 'LEASE_LOST',
      message: 'The lease of the cluster demo (epoch 1) is lost: it was last renewed 20 s ago.',
    });
    await lease.release();
  });
});
