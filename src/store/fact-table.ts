import type { FactRecord, FactTable } from '../engine/ports/store.js';
import { fromJson, toJson } from './json-column.js';
import { requireCluster } from './require-row.js';
import type { Row, StoreDatabase } from './schema.js';
import { withinTransaction } from './within-transaction.js';

export function createFactTable(db: StoreDatabase): FactTable {
  return {
    put: (fact) => putFact(db, fact),
    list: async (clusterId) => {
      const all = db.selectFrom('facts').selectAll().orderBy('node').orderBy('role').orderBy('name');
      return (await all.where('cluster_id', '=', clusterId).execute()).map(toRecord);
    },
    removeOfNode: async (clusterId, node, role) => {
      const all = db.deleteFrom('facts').where('cluster_id', '=', clusterId).where('node', '=', node);
      await (role === undefined ? all : all.where('role', '=', role)).execute();
    },
  };
}

async function putFact(db: StoreDatabase, fact: FactRecord): Promise<void> {
  const row = toRow(fact);
  await withinTransaction(db, async (transaction) => {
    await requireCluster(transaction, fact.clusterId);
    await transaction
      .insertInto('facts')
      .values(row)
      .onConflict((conflict) => conflict.columns(['cluster_id', 'node', 'role', 'name']).doUpdateSet(row))
      .execute();
  });
}

function toRecord(row: Row<'facts'>): FactRecord {
  const { node, role, name, generation } = row;
  return {
    ...{ node, role, name, generation },
    clusterId: row.cluster_id,
    value: fromJson(row.value_json),
    secret: row.secret === 1,
  };
}

function toRow(fact: FactRecord): Row<'facts'> {
  const { node, role, name, generation } = fact;
  return {
    ...{ node, role, name, generation },
    cluster_id: fact.clusterId,
    value_json: toJson(fact.value),
    secret: fact.secret ? 1 : 0,
  };
}
