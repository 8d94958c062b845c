import { BdeError } from '../errors/bde-error.js';
import type { NodeName } from '../errors/ids.js';
import type { ResolvedCluster } from '../spec/resolved-cluster.js';
import { allocateAddresses, type AddressPool } from './allocate-addresses.js';
import { placeNodes } from './place-nodes.js';
import { placementHosts, type InventoryHost } from './placement-hosts.js';

/** What a provider has to give to nodes. */
export interface AddressSource {
  readonly pool: AddressPool;
  readonly hosts: readonly InventoryHost[];
  readonly memoryIsReserved: boolean;
}

/**
 * The address of each node: the lowest free ones of the pool, in the nodes' order; or, where hosts are machines
 * themselves, those of the hosts that the nodes are placed on.
 *
 * @throws BdeError `PREFLIGHT_FAILED` where there are not enough
 */
export function assignAddresses(
  cluster: Pick<ResolvedCluster, 'nodes' | 'groups'>,
  source: AddressSource,
): ReadonlyMap<NodeName, string> {
  if (hostsAreMachines(source.hosts)) return addressesOfHosts(cluster, source);
  const addresses = allocateAddresses(source.pool, cluster.nodes.length);
  return new Map(cluster.nodes.map((node, index) => [node.name, addresses[index] ?? '']));
}

/** True where a node gets a host whole, and with it the host's own address. */
export function hostsAreMachines(hosts: readonly InventoryHost[]): boolean {
  return hosts.some(({ address }) => address !== undefined);
}

/** The hosts, with those closed whose address a node of some cluster has already. */
export function closeReserved(hosts: readonly InventoryHost[], reserved: readonly string[]): readonly InventoryHost[] {
  return hosts.map((host) =>
    host.address === undefined || host.closed !== undefined || !reserved.includes(host.address)
      ? host
      : { ...host, memoryFreeMiB: 0, diskFreeMiB: 0, closed: 'a node of another cluster has it' },
  );
}

function addressesOfHosts(
  cluster: Pick<ResolvedCluster, 'nodes' | 'groups'>,
  { hosts, pool, memoryIsReserved }: AddressSource,
): ReadonlyMap<NodeName, string> {
  const free = placementHosts(closeReserved(hosts, pool.reserved), memoryIsReserved);
  const { hosts: placed, unplaced } = placeNodes(cluster, free);
  const [first] = unplaced;
  if (first !== undefined) {
    throw new BdeError('PREFLIGHT_FAILED', `${first.node} fits on none of the ${String(free.length)} free hosts.`, {
      subject: { node: first.node, group: first.group },
      hint: 'See what there is with bde provider check; add hosts to the site file, or ask for smaller nodes.',
    });
  }
  const addressOf = new Map(free.map(({ name, machine }) => [name, machine?.address ?? '']));
  return new Map([...placed].map(([node, host]) => [node, addressOf.get(host) ?? '']));
}
