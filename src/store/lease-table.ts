import type { LeaseRecord, LeaseTable } from '../engine/ports/store.js';
import { BdeError } from '../errors/bde-error.js';
import type { ClusterId } from '../errors/ids.js';
import { requireCluster } from './require-row.js';
import type { Row, StoreDatabase } from './schema.js';
import { withinTransaction } from './within-transaction.js';

interface Times {
  readonly now: number;
  readonly ttlMs: number;
}

export function createLeaseTable(db: StoreDatabase): LeaseTable {
  return {
    acquire: (clusterId, holder, times) =>
      withinTransaction(db, (transaction) => acquireLease(transaction, clusterId, holder, times)),
    renew: (clusterId, epoch, times) => renewLease(db, clusterId, epoch, times),
    release: async (clusterId, epoch) => {
      await db.deleteFrom('leases').where('cluster_id', '=', clusterId).where('epoch', '=', epoch).execute();
    },
    expire: async (clusterId) => {
      await db.updateTable('leases').set({ expires_at: 0 }).where('cluster_id', '=', clusterId).execute();
    },
    get: async (clusterId) => {
      const row = await selectLease(db, clusterId);
      return row === undefined ? undefined : toRecord(row);
    },
  };
}

async function acquireLease(db: StoreDatabase, clusterId: ClusterId, holder: string, times: Times) {
  const cluster = await requireCluster(db, clusterId);
  const lease = await selectLease(db, clusterId);
  const isOthers = lease !== undefined && lease.holder !== holder;
  if (isOthers && lease.expires_at > times.now) throw leaseHeld(lease, times.now);
  const epoch = cluster.epoch + 1;
  await raiseEpoch(db, clusterId, epoch);
  await putLease(db, { cluster_id: clusterId, holder, epoch, expires_at: times.now + times.ttlMs });
  return { epoch, takenOver: isOthers };
}

/** The count of cluster records begins anew with each epoch. */
async function raiseEpoch(db: StoreDatabase, clusterId: ClusterId, epoch: number): Promise<void> {
  await db.updateTable('clusters').set({ epoch, record_count: 0 }).where('id', '=', clusterId).execute();
}

async function putLease(db: StoreDatabase, lease: Row<'leases'>): Promise<void> {
  await db
    .insertInto('leases')
    .values(lease)
    .onConflict((conflict) => conflict.column('cluster_id').doUpdateSet(lease))
    .execute();
}

async function renewLease(db: StoreDatabase, clusterId: ClusterId, epoch: number, times: Times): Promise<boolean> {
  const result = await db
    .updateTable('leases')
    .set({ expires_at: times.now + times.ttlMs })
    .where('cluster_id', '=', clusterId)
    .where('epoch', '=', epoch)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

async function selectLease(db: StoreDatabase, clusterId: ClusterId): Promise<Row<'leases'> | undefined> {
  return db.selectFrom('leases').selectAll().where('cluster_id', '=', clusterId).executeTakeFirst();
}

function toRecord(row: Row<'leases'>): LeaseRecord {
  return { clusterId: row.cluster_id, holder: row.holder, epoch: row.epoch, expiresAt: row.expires_at };
}

function leaseHeld(lease: Row<'leases'>, now: number): BdeError {
  const remainingMs = lease.expires_at - now;
  const seconds = Math.ceil(remainingMs / 1000);
  return new BdeError('LEASE_HELD', `The cluster is held by ${lease.holder} for another ${seconds} s.`, {
    hint: 'Wait for that operation to end (bde operation list), or run the command again once its lease has run out.',
    data: { clusterId: lease.cluster_id, holder: lease.holder, epoch: lease.epoch, remainingMs },
  });
}
