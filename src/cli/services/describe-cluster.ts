import { findRole } from '../../cookbook/attribute-layers.js';
import type { Cookbook } from '../../cookbook/cookbook.js';
import { knownPorts } from '../../cookbook/render-ports.js';
import type { Attributes } from '../../cookbook/types.js';
import { nodeAttributes } from '../../engine/attribute-layers.js';
import { parseCookbooks } from '../../engine/parse-cookbooks.js';
import { readPinnedContent, type PinnedContent } from '../../engine/pins.js';
import type { MachineListing, Provider } from '../../engine/ports/provider.js';
import type { ClusterRecord, ClusterState, NodeRecord, OperationRecord, Store } from '../../engine/ports/store.js';
import { describeOperation, type OperationDescription } from './describe-operation.js';
import { findCluster } from './find-cluster.js';
import { standingOperation } from './standing-operation.js';

/** A cluster as `show` gives it; `formatVersion` 1 of `bde cluster show --json`. */
export interface ClusterDescription {
  readonly formatVersion: 1;
  readonly id: string;
  readonly name: string;
  readonly state: ClusterState;
  readonly spec: string;
  readonly distro: string;
  readonly provider: string;
  readonly rehearsal: boolean;
  readonly epoch: number;
  readonly createdAt: string;
  readonly nodes: readonly NodeDescription[];
  readonly endpoints: readonly Endpoint[];
  readonly operation: OperationDescription | null;
  /** Commands that make sense next, most useful first. */
  readonly next: readonly string[];
}

/** A node and the machine that fills it. */
export interface NodeDescription {
  readonly name: string;
  readonly group: string;
  readonly roles: readonly string[];
  readonly address: string;
  /** Null where the node has no machine. */
  readonly machine: {
    readonly id: string;
    readonly generation: number;
    readonly state: string;
    readonly host: string;
  } | null;
  readonly applied: Readonly<Record<string, string>>;
}

/** Where a service answers. */
export interface Endpoint {
  readonly role: string;
  readonly name: string;
  readonly node: string;
  readonly url: string;
}

/**
 * Everything about a cluster that a person or script asks first.
 *
 * @throws BdeError `UNKNOWN_CLUSTER`
 */
export async function describeCluster(name: string, store: Store, provider: Provider): Promise<ClusterDescription> {
  const cluster = await findCluster(store, name);
  const [nodes, listings, operations, content] = await Promise.all([
    store.nodes.listNodes(cluster.id),
    provider.list(cluster.id),
    store.operations.list(cluster.id),
    readPinnedContent(store.blobs, cluster.pins),
  ]);
  const last = operations[0] && (await standingOperation(operations[0], store));
  return {
    formatVersion: 1,
    id: cluster.id,
    name: cluster.name,
    state: cluster.state,
    spec: cluster.spec,
    distro: cluster.distro,
    provider: cluster.provider,
    rehearsal: cluster.rehearsal,
    epoch: cluster.epoch,
    createdAt: new Date(cluster.createdAt).toISOString(),
    nodes: nodes.map((node) => describeNode(node, listings)),
    endpoints: endpointsOf(nodes, content),
    operation: last === undefined ? null : describeOperation(last),
    next: nextCommands(cluster, { last, firstNode: nodes[0]?.name }),
  };
}

function describeNode(node: NodeRecord, listings: readonly MachineListing[]): NodeDescription {
  // The list is ordered by generation: the last one of a node is the one that fills it.
  const listing = listings.filter(({ mark }) => mark.nodeName === node.name).at(-1);
  return {
    name: node.name,
    group: node.group,
    roles: node.roles,
    address: node.address,
    machine:
      listing === undefined
        ? null
        : {
            id: listing.mark.machineId,
            generation: listing.mark.generation,
            state: listing.state,
            host: listing.host,
          },
    applied: node.applied,
  };
}

/** Where the services of nodes answer. */
export function endpointsOf(nodes: readonly NodeRecord[], content: PinnedContent): readonly Endpoint[] {
  const { cookbooks } = parseCookbooks(content.cookbooks);
  return nodes.flatMap((node) => {
    const { attributes } = nodeAttributes({ ...content, cookbooks }, node);
    return endpointsOfNode(node, cookbooks, attributes);
  });
}

function endpointsOfNode(
  node: NodeRecord,
  cookbooks: readonly Cookbook[],
  attributes: Attributes,
): readonly Endpoint[] {
  return node.roles.flatMap((name) => {
    const role = findRole(cookbooks, name);
    return (role === undefined ? [] : knownPorts(role, attributes))
      .filter((port) => port.scheme !== null)
      .map((port) => ({
        role: name,
        name: port.name,
        node: node.name,
        url: `${port.scheme ?? ''}://${node.address}:${String(port.port)}`,
      }));
  });
}

/** What to run next: a cluster that is being changed, or whose operation ended badly or died, is never shown without it. */
export function nextCommands(
  cluster: Pick<ClusterRecord, 'name' | 'state'>,
  given: { readonly last: OperationRecord | undefined; readonly firstNode: string | undefined },
): readonly string[] {
  const { name } = cluster;
  const { last, firstNode } = given;
  if (last?.state === 'running') return [`bde cluster events ${name} --follow`, `bde operation show ${last.id}`];
  if (last !== undefined && last.state !== 'succeeded') {
    return [`bde cluster resume ${name}`, `bde operation show ${last.id}`, `bde cluster delete ${name}`];
  }
  const into = firstNode === undefined ? [] : [`bde cluster ssh ${name} ${firstNode}`];
  return [...into, `bde cluster exec ${name} -- uptime`, `bde cluster delete ${name}`];
}
