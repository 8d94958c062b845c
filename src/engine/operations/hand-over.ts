import { emitEvent, type EngineDependencies } from '../context.js';
import type { ClusterRecord, OperationRecord } from '../ports/store.js';

/** Protects a cluster, or takes the protection away. Returns false where it is so already. */
export async function protectCluster(
  deps: EngineDependencies,
  cluster: ClusterRecord,
  isProtected: boolean,
): Promise<boolean> {
  if (cluster.isProtected === isProtected) return false;
  await deps.store.clusters.update(cluster.id, { isProtected });
  const text = `${cluster.name} is ${isProtected ? 'protected' : 'no longer protected'}, by ${deps.who.user}`;
  await emitEvent(deps, { kind: 'protection', clusterId: cluster.id, text });
  return true;
}

/**
 * Asks whoever is at work on a cluster to start nothing more; a controller hears it within a second, or before its next step.
 * Returns the operation, or null where none runs.
 */
export async function cancelOperation(
  deps: EngineDependencies,
  cluster: ClusterRecord,
): Promise<OperationRecord | null> {
  const operation = await deps.store.operations.newest(cluster.id);
  const lease = await deps.store.leases.get(cluster.id);
  const isHeld = lease !== undefined && lease.expiresAt > deps.clock.now() && !deps.isGone(lease.holder);
  if (operation?.state !== 'running' || !isHeld) return null;
  await deps.store.operations.update(operation.id, { cancelAsked: true });
  const text = `${deps.who.user} asks the ${operation.kind} of ${cluster.name} to stop`;
  await emitEvent(deps, { kind: 'cancel', clusterId: cluster.id, operationId: operation.id, text });
  return operation;
}

/**
 * Ends the lease of whoever holds a cluster: the next command takes it over, and fences the nodes first. Returns the holder,
 * or null where nobody has it.
 */
export async function unlockCluster(deps: EngineDependencies, cluster: ClusterRecord): Promise<string | null> {
  const lease = await deps.store.leases.get(cluster.id);
  if (lease === undefined || lease.expiresAt <= deps.clock.now()) return null;
  await deps.store.leases.expire(cluster.id);
  const text = `${deps.who.user} took the lease of ${cluster.name} from ${lease.holder}`;
  await emitEvent(deps, { kind: 'unlock', clusterId: cluster.id, text });
  return lease.holder;
}
