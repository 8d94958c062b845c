import type { EventRecord, Store } from '../../engine/ports/store.js';
import { stopSignalsOfProcess } from '../interrupt.js';
import { systemClock } from '../system-clock.js';
import { findCluster } from './find-cluster.js';
import { withStore } from './with-store.js';

/** How often a follower looks for new events. */
const POLL_MS = 250;

/** All events of a cluster, oldest first. */
export function listEvents(name: string): Promise<readonly EventRecord[]> {
  return withStore(async (store) => {
    const cluster = await findCluster(store, name);
    return store.events.list({ clusterId: cluster.id });
  });
}

/** All events of a cluster and those to come, until the process is asked to stop. */
export async function* followEvents(name: string): AsyncIterable<EventRecord> {
  const stop = stopSignalsOfProcess(() => undefined).stopStarting;
  const { openStore } = await import('../wire.js');
  const store = await openStore();
  try {
    yield* follow(name, store, stop);
  } finally {
    await store.close();
  }
}

async function* follow(name: string, store: Store, stop: AbortSignal): AsyncIterable<EventRecord> {
  const cluster = await findCluster(store, name);
  let after = 0;
  while (!stop.aborted) {
    const events = await store.events.list({ clusterId: cluster.id, after });
    yield* events;
    after = events.at(-1)?.sequence ?? after;
    // Being asked to stop while waiting is how following ends.
    await systemClock.sleep(POLL_MS, stop).catch(() => undefined);
  }
}
