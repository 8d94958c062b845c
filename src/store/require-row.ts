import { BdeError } from '../errors/bde-error.js';
import type { ClusterId, OperationId } from '../errors/ids.js';
import type { StoreDatabase } from './schema.js';

/**
 * The epoch of a cluster that has to be there: another process may have deleted it.
 *
 * @throws BdeError `UNKNOWN_CLUSTER`
 */
export async function requireCluster(db: StoreDatabase, id: ClusterId): Promise<{ readonly epoch: number }> {
  const row = await db.selectFrom('clusters').select('epoch').where('id', '=', id).executeTakeFirst();
  if (row !== undefined) return row;
  throw new BdeError('UNKNOWN_CLUSTER', `The store has no cluster with the id ${id}.`, {
    hint: 'See what there is: bde cluster list',
    subject: { cluster: id },
  });
}

/**
 * The cluster of an operation that has to be there; null for operations of the home.
 *
 * @throws BdeError `UNKNOWN_OPERATION`
 */
export async function requireOperation(
  db: StoreDatabase,
  id: OperationId,
): Promise<{ readonly clusterId: ClusterId | null }> {
  const row = await db.selectFrom('operations').select('cluster_id').where('id', '=', id).executeTakeFirst();
  if (row !== undefined) return { clusterId: row.cluster_id };
  throw new BdeError('UNKNOWN_OPERATION', `The store has no operation with the id ${id}.`, {
    hint: 'See what there is: bde operation list',
  });
}
