import type { Digest } from '../errors/ids.js';
import { emitEvent, type EngineDependencies } from './context.js';
import { pinnedBlobs } from './pins.js';
import type { ChangeOrder } from './operations/change-request.js';
import type { ClusterRecord, StoreTables } from './ports/store.js';

/**
 * Removes the blobs that nothing names any more: no living cluster's pins and no operation. Safe beside other
 * controllers, for every blob is written in the transaction that names it. What cannot be swept now is swept next time.
 */
export async function sweepBlobs(deps: EngineDependencies): Promise<void> {
  try {
    await deps.store.transaction(async (tables) => {
      await tables.blobs.removeExcept(await namedBlobs(tables));
    });
  } catch (error) {
    await emitEvent(deps, { kind: 'warning', text: `left-over blobs stay in the store: ${String(error)}` });
  }
}

async function namedBlobs(tables: StoreTables): Promise<ReadonlySet<Digest>> {
  const named = new Set<Digest>();
  for (const { plan } of await tables.operations.list()) if (plan !== null) named.add(plan);
  for (const cluster of await tables.clusters.list()) {
    for (const pins of [cluster.pins, cluster.formerPins, await restoredPins(cluster, tables)]) {
      if (pins !== null) for (const digest of await pinnedBlobs(tables.blobs, pins)) named.add(digest);
    }
  }
  return named;
}

/** What a rollback that may follow the newest operation leaves as the pins to go back to. */
async function restoredPins({ id }: ClusterRecord, { operations }: StoreTables): Promise<Digest | null> {
  const { before } = ((await operations.newest(id))?.request ?? {}) as Partial<ChangeOrder>;
  return before?.formerPins ?? null;
}
