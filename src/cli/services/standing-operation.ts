import type { OperationRecord, Store } from '../../engine/ports/store.js';
import { isHolderGone } from '../holder.js';

/**
 * An operation as it stands: one on a cluster that reads `running` while nobody alive holds the cluster was interrupted,
 * whatever its controller had the time to write.
 */
export async function standingOperation(
  operation: OperationRecord,
  store: Pick<Store, 'leases'>,
): Promise<OperationRecord> {
  if (operation.state !== 'running' || operation.clusterId === null) return operation;
  const lease = await store.leases.get(operation.clusterId);
  const isHeld = lease !== undefined && lease.expiresAt > Date.now() && !isHolderGone(lease.holder);
  return isHeld ? operation : { ...operation, state: 'interrupted', outcome: 'its controller is gone' };
}
