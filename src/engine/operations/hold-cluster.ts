import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { EngineDependencies } from '../context.js';
import { acquireLease, type Lease } from '../lease.js';
import type { ClusterRecord } from '../ports/store.js';
import { unknownCluster } from './unknown-cluster.js';

/**
 * Holds the lease of a cluster while `work` runs, and lets it go whatever happens. The record that `work` gets was read
 * under the lease: nobody else changes it meanwhile.
 *
 * @throws BdeError `LEASE_HELD` with who holds it, `UNKNOWN_CLUSTER` where it was deleted just now
 */
export async function holdCluster<Result>(
  deps: EngineDependencies,
  cluster: Pick<ClusterRecord, 'id' | 'name'>,
  work: (lease: Lease, cluster: ClusterRecord) => Promise<Result>,
): Promise<Result> {
  const lease = await takeLease(deps, cluster);
  try {
    const held = await deps.store.clusters.byId(cluster.id);
    if (held === undefined) throw unknownCluster(cluster.name);
    return await work(lease, held);
  } finally {
    await lease.release();
  }
}

async function takeLease(deps: EngineDependencies, cluster: Pick<ClusterRecord, 'id' | 'name'>): Promise<Lease> {
  const { store, clock, holder, isGone, limits } = deps;
  try {
    return await acquireLease(cluster, {
      ...{ leases: store.leases, clock, holder, isGone },
      ttlMs: limits.leaseTtlMs,
      listenMs: limits.listenMs,
      askedToStop: () => askedToStop(deps, cluster),
    });
  } catch (error) {
    if ((await store.clusters.byId(cluster.id)) === undefined) throw unknownCluster(cluster.name);
    throw isBdeError(error, 'LEASE_HELD') ? await heldBy(error, { deps, cluster }) : error;
  }
}

async function askedToStop(
  deps: EngineDependencies,
  cluster: Pick<ClusterRecord, 'id' | 'name'>,
): Promise<Error | null> {
  const operation = await deps.store.operations.newest(cluster.id);
  if (operation?.state !== 'running' || !operation.cancelAsked) return null;
  return new BdeError('CANCELLED', `The ${operation.kind} of ${cluster.name} was cancelled.`, {
    subject: { cluster: cluster.name },
    hint: `Go on with bde cluster resume ${cluster.name}, or remove it with bde cluster delete ${cluster.name}.`,
  });
}

/** The same error for people: the operation that runs, whose it is, and what to do meanwhile. */
async function heldBy(
  error: BdeError,
  given: { readonly deps: EngineDependencies; readonly cluster: Pick<ClusterRecord, 'id' | 'name'> },
): Promise<BdeError> {
  const { deps, cluster } = given;
  const operation = await deps.store.operations.newest(cluster.id);
  const what = operation === undefined ? 'Another command' : `A ${operation.kind} by ${operation.user}`;
  const [host = '?', , pid = '?'] = String(error.data['holder']).split('/');
  return new BdeError('LEASE_HELD', `${what} (process ${pid} on ${host}) is at work on the cluster ${cluster.name}.`, {
    subject: { cluster: cluster.name },
    hint: `Watch it with bde cluster events ${cluster.name} --follow, and run this again once it has ended; a controller that died is taken over after ${String(deps.limits.leaseTtlMs / 1000)} s at most.`,
    cause: error,
    data: error.data,
  });
}
