import type { ResolvedNode } from '../../spec/resolved-cluster.js';
import type { NodeRecord } from '../ports/store.js';

/** The record of a node that was only just decided: nothing is applied, it is in nobody's service, and it is to run. */
export function newNode(
  { name, group, index, ordinal, roles }: ResolvedNode,
  place: Pick<NodeRecord, 'clusterId' | 'address' | 'network'>,
): NodeRecord {
  return { ...place, name, group, index, ordinal, roles, applied: {}, memberOf: [], power: 'on' };
}
