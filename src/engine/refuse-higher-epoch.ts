import type { NodeName } from '../errors/ids.js';
import type { ClusterContext } from './context.js';
import { BdeError, isBdeError } from '../errors/bde-error.js';
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
  throw new BdeError(
    'LEASE_LOST',
    `The lease of the cluster ${cluster.name} (epoch ${String(lease.epoch)}) is lost: ${node} has seen epoch ${String(seen)}.`,
    {
      subject: { cluster: cluster.name, node },
      hint:
        `Another controller acts on it: leave it to that one. Where there is none, this home is older than the cluster, as ` +
        `one from a backup is: take over what the nodes know with bde cluster import --cluster ${cluster.name}.`,
      data: { epoch: lease.epoch, seen },
    },
  );
}
