import { isBdeError } from '../errors/bde-error.js';
import type { NodeName } from '../errors/ids.js';
import type { ClusterContext } from './context.js';
import { leaseLost } from './lease.js';
import type { NodeLink } from './ports/nodes.js';

/**
 * What an exchange gives; where the node refused it, the reason may be that it has seen a higher epoch than ours: then
 * another controller holds the cluster, and we have lost it.
 *
 * @throws BdeError `LEASE_LOST`, else the refusal itself
 */
export async function refuseHigherEpoch<Result>(
  link: NodeLink,
  asked: { readonly node: NodeName; readonly context: Pick<ClusterContext, 'cluster' | 'lease'> },
  exchange: Promise<Result>,
): Promise<Result> {
  try {
    return await exchange;
  } catch (error) {
    if (isBdeError(error, 'RUN_REFUSED')) checkEpoch((await link.hello()).epoch, asked);
    throw error;
  }
}

/** @throws BdeError `LEASE_LOST` where the epoch that a node has seen is higher than ours */
export function checkEpoch(
  seen: number,
  asked: { readonly node: NodeName; readonly context: Pick<ClusterContext, 'cluster' | 'lease'> },
): void {
  const { node, context } = asked;
  const { cluster, lease } = context;
  if (seen <= lease.epoch) return;
  throw leaseLost({ cluster: cluster.name, epoch: lease.epoch }, `${node} has seen epoch ${String(seen)}`);
}
