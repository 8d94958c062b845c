import type { ClusterRecord, ClusterTable } from '../engine/ports/store.js';
import { BdeError } from '../errors/bde-error.js';
import type { ClusterId } from '../errors/ids.js';
import { fromJson, toJson } from './json-column.js';
import { requireCluster } from './require-row.js';
import type { Row, RowChange, StoreDatabase } from './schema.js';
import { withinTransaction } from './within-transaction.js';

export function createClusterTable(db: StoreDatabase): ClusterTable {
  return {
    insert: (cluster) => insertCluster(db, cluster),
    update: (id, change) => updateCluster(db, id, toChange(change)),
    byName: async (name) => toCluster(await selectClusters(db).where('name', '=', name).executeTakeFirst()),
    byId: async (id) => toCluster(await selectClusters(db).where('id', '=', id).executeTakeFirst()),
    list: async () => (await selectClusters(db).orderBy('name').execute()).map(toRecord),
    remove: (id) => removeCluster(db, id),
  };
}

async function insertCluster(db: StoreDatabase, cluster: ClusterRecord): Promise<void> {
  const result = await db
    .insertInto('clusters')
    .values(toRow(cluster))
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows === 1n) return;
  throw new BdeError('CLUSTER_EXISTS', `A cluster named '${cluster.name}' exists already.`, {
    hint: `Give another name, or look at it with: bde cluster show ${cluster.name}`,
    subject: { cluster: cluster.name },
  });
}

async function updateCluster(db: StoreDatabase, id: ClusterId, change: RowChange<'clusters'>): Promise<void> {
  await withinTransaction(db, async (transaction) => {
    await requireCluster(transaction, id);
    if (Object.values(change).every((value) => value === undefined)) return;
    await transaction.updateTable('clusters').set(change).where('id', '=', id).execute();
  });
}

/** Nodes, machines, facts and the lease go with the row (`on delete cascade`). */
async function removeCluster(db: StoreDatabase, id: ClusterId): Promise<void> {
  await withinTransaction(db, async (transaction) => {
    await transaction.deleteFrom('secrets').where('owner', '=', id).execute();
    await transaction.deleteFrom('clusters').where('id', '=', id).execute();
  });
}

function selectClusters(db: StoreDatabase) {
  return db.selectFrom('clusters').selectAll();
}

function toCluster(row: Row<'clusters'> | undefined): ClusterRecord | undefined {
  return row === undefined ? undefined : toRecord(row);
}

function toRecord(row: Row<'clusters'>): ClusterRecord {
  const {
    record_count,
    record_left_json,
    created_at,
    ssh_public_key,
    rehearsal,
    former_pins,
    protected: isProtected,
    ...same
  } = row;
  return {
    ...same,
    rehearsal: rehearsal === 1,
    formerPins: former_pins,
    isProtected: isProtected === 1,
    recordCount: record_count,
    recordLeft: fromJson(record_left_json),
    createdAt: created_at,
    sshPublicKey: ssh_public_key,
  };
}

function toRow(cluster: ClusterRecord): Row<'clusters'> {
  const { id, name, epoch, state, provider, spec, distro, pins } = cluster;
  return {
    ...{ id, name, epoch, state, provider, spec, distro, pins },
    rehearsal: cluster.rehearsal ? 1 : 0,
    former_pins: cluster.formerPins,
    protected: cluster.isProtected ? 1 : 0,
    record_count: cluster.recordCount,
    record_left_json: toJson(cluster.recordLeft),
    created_at: cluster.createdAt,
    ssh_public_key: cluster.sshPublicKey,
  };
}

/** Only what may change, even where the caller hands a whole record in: the epoch is the lease's alone. */
function toChange(change: Partial<Omit<ClusterRecord, 'id' | 'name' | 'epoch'>>): RowChange<'clusters'> {
  const { state, provider, spec, distro, pins, rehearsal } = change;
  return {
    ...{ state, provider, spec, distro, pins },
    rehearsal: toFlag(rehearsal),
    former_pins: change.formerPins,
    protected: toFlag(change.isProtected),
    record_count: change.recordCount,
    record_left_json: change.recordLeft === undefined ? undefined : toJson(change.recordLeft),
    created_at: change.createdAt,
    ssh_public_key: change.sshPublicKey,
  };
}

function toFlag(value: boolean | undefined): 0 | 1 | undefined {
  return value === undefined ? undefined : value ? 1 : 0;
}
