import type { OperationRecord, OperationTable } from '../engine/ports/store.js';
import type { ClusterId, OperationId } from '../errors/ids.js';
import type { PerformWrite } from './group-writes.js';
import { appendJournal, readJournal, readRecentSteps } from './journal.js';
import { fromJson, toJson } from './json-column.js';
import { requireOperation } from './require-row.js';
import type { Row, RowChange, StoreDatabase } from './schema.js';
import { withinTransaction } from './within-transaction.js';

export function createOperationTable(db: StoreDatabase, write: PerformWrite): OperationTable {
  return {
    insert: async (operation) => {
      await db.insertInto('operations').values(toRow(operation)).execute();
    },
    update: (id, change) => updateOperation(db, id, toChange(change)),
    byId: async (id) => {
      const row = await selectOperations(db).where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toRecord(row);
    },
    list: (clusterId) => listOperations(db, clusterId),
    newest: async (clusterId) => {
      const [row] = await newestFirst(db).where('cluster_id', '=', clusterId).limit(1).execute();
      return row === undefined ? undefined : toRecord(row);
    },
    append: (entries) => write((transaction) => appendJournal(transaction, entries)),
    journal: (id) => readJournal(db, id),
    recentSteps: (limit) => readRecentSteps(db, limit),
  };
}

async function updateOperation(db: StoreDatabase, id: OperationId, change: RowChange<'operations'>): Promise<void> {
  await withinTransaction(db, async (transaction) => {
    await requireOperation(transaction, id);
    if (Object.values(change).every((value) => value === undefined)) return;
    await transaction.updateTable('operations').set(change).where('id', '=', id).execute();
  });
}

async function listOperations(db: StoreDatabase, clusterId?: ClusterId): Promise<readonly OperationRecord[]> {
  const all = newestFirst(db);
  const rows = await (clusterId === undefined ? all : all.where('cluster_id', '=', clusterId)).execute();
  return rows.map(toRecord);
}

function newestFirst(db: StoreDatabase) {
  return selectOperations(db).orderBy('started_at', 'desc').orderBy('id', 'desc');
}

function selectOperations(db: StoreDatabase) {
  return db.selectFrom('operations').selectAll();
}

function toRecord(row: Row<'operations'>): OperationRecord {
  const { id, kind, state, host, plan, outcome } = row;
  return {
    ...{ id, kind, state, host, plan, outcome },
    clusterId: row.cluster_id,
    clusterName: row.cluster_name,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    user: row.user_name,
    request: fromJson(row.request_json),
    cancelAsked: row.cancel_asked === 1,
  };
}

function toRow(operation: OperationRecord): Row<'operations'> {
  const { id, kind, state, host, plan, outcome } = operation;
  return {
    ...{ id, kind, state, host, plan, outcome },
    cluster_id: operation.clusterId,
    cluster_name: operation.clusterName,
    started_at: operation.startedAt,
    ended_at: operation.endedAt,
    user_name: operation.user,
    request_json: toJson(operation.request),
    cancel_asked: operation.cancelAsked ? 1 : 0,
  };
}

function toChange(change: Partial<Omit<OperationRecord, 'id'>>): RowChange<'operations'> {
  const { kind, state, host, plan, outcome } = change;
  return {
    ...{ kind, state, host, plan, outcome },
    cluster_id: change.clusterId,
    cluster_name: change.clusterName,
    started_at: change.startedAt,
    ended_at: change.endedAt,
    user_name: change.user,
    request_json: change.request === undefined ? undefined : toJson(change.request),
    cancel_asked: change.cancelAsked === undefined ? undefined : change.cancelAsked ? 1 : 0,
  };
}
