import type { OperationRecord, StoreTables } from '../ports/store.js';

/** Marks the cluster's operations that still read `running` as interrupted: whoever holds the lease knows they are not. */
export async function interruptOthers(tables: StoreTables, operation: OperationRecord, endedAt: number): Promise<void> {
  if (operation.clusterId === null) return;
  for (const other of await tables.operations.list(operation.clusterId)) {
    if (other.id === operation.id || other.state !== 'running') continue;
    await tables.operations.update(other.id, { state: 'interrupted', outcome: 'its controller is gone', endedAt });
  }
}
