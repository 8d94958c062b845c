import type { EventRecord, EventTable } from '../engine/ports/store.js';
import type { PerformWrite } from './group-writes.js';
import { fromJson, toJson } from './json-column.js';
import type { NewRow, Row, StoreDatabase } from './schema.js';
import { inStatements } from './within-transaction.js';

export function createEventTable(db: StoreDatabase, write: PerformWrite): EventTable {
  return {
    append: (events) =>
      write(async (transaction) => {
        for (const rows of inStatements(events.map(toRow))) {
          await transaction.insertInto('events').values(rows).execute();
        }
      }),
    list: (filter) => listEvents(db, filter),
  };
}

async function listEvents(
  db: StoreDatabase,
  { clusterId, operationId, after, limit }: Parameters<EventTable['list']>[0],
): Promise<readonly EventRecord[]> {
  let query = db.selectFrom('events').selectAll().orderBy('sequence');
  if (clusterId !== undefined) query = query.where('cluster_id', '=', clusterId);
  if (operationId !== undefined) query = query.where('operation_id', '=', operationId);
  if (after !== undefined) query = query.where('sequence', '>', after);
  if (limit !== undefined) query = query.limit(limit);
  return (await query.execute()).map(toRecord);
}

function toRecord(row: Row<'events'>): EventRecord {
  const { sequence, at, kind, node, role, text } = row;
  return {
    ...{ sequence, at, kind, node, role, text },
    clusterId: row.cluster_id,
    operationId: row.operation_id,
    data: fromJson(row.data_json),
  };
}

function toRow(event: Omit<EventRecord, 'sequence'>): NewRow<'events'> {
  const { at, kind, node, role, text } = event;
  return {
    ...{ at, kind, node, role, text },
    cluster_id: event.clusterId,
    operation_id: event.operationId,
    data_json: toJson(event.data),
  };
}
