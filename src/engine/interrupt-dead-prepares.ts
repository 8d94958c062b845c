import type { EngineDependencies } from './context.js';
import type { OperationRecord } from './ports/store.js';

/** Under this key a prepare operation keeps the id of the cluster operation that needed it. */
export const PREPARED_FOR = 'preparedFor';

/**
 * Marks prepare operations that still read `running` as interrupted where nobody is left who could run them: `own` needs
 * a new one, or the cluster that needed them is gone or held by nobody alive.
 */
export async function interruptDeadPrepares(deps: EngineDependencies, own: OperationRecord): Promise<void> {
  const { store, clock } = deps;
  for (const operation of await store.operations.list()) {
    if (operation.kind !== 'prepare' || operation.state !== 'running') continue;
    const isDead = operation.request[PREPARED_FOR] === own.id || (await isAbandoned(operation, deps));
    if (!isDead) continue;
    const outcome = 'its controller is gone';
    await store.operations.update(operation.id, { state: 'interrupted', outcome, endedAt: clock.now() });
  }
}

async function isAbandoned(prepare: OperationRecord, { store, clock, isGone }: EngineDependencies): Promise<boolean> {
  const needing = (await store.operations.list()).find(({ id }) => id === prepare.request[PREPARED_FOR]);
  const lease =
    needing?.clusterId === null || needing === undefined ? undefined : await store.leases.get(needing.clusterId);
  return lease === undefined || lease.expiresAt < clock.now() || isGone(lease.holder);
}
