import type { HostInventory, Inventory, NetworkInventory } from '../../engine/ports/provider.js';
import { lookAtHosts, type HostFacts, type SeenHost } from './look-at-hosts.js';
import type { StaticHost } from '../../engine/ports/static-host.js';
import { hostName, type StaticSite } from './static-site.js';

/** Every host with what it has and whether it is free. One that does not answer is closed, and says why. */
export async function readInventory(site: StaticSite): Promise<Inventory> {
  const seen = await lookAtHosts(site);
  return { hosts: seen.map(describeHost), networks: [describeNetwork(site)], missing: [] };
}

function describeHost(seen: SeenHost): HostInventory {
  const { host } = seen;
  const closed = whyClosed(seen);
  const facts = 'facts' in seen ? seen.facts : undefined;
  const size = capacityOf(host, facts);
  return {
    name: hostName(host),
    ...(host.rack === undefined ? {} : { rack: host.rack }),
    address: host.address,
    cpuCount: size.cpuCount,
    memoryMiB: size.memoryMiB,
    memoryFreeMiB: closed === undefined ? size.memoryMiB : 0,
    diskFreeMiB: closed === undefined ? size.diskMiB : 0,
    ...(closed === undefined ? {} : { closed }),
  };
}

/** What the site says goes before what the host says. */
function capacityOf({ cpuCount, memoryMiB, diskGiB }: StaticHost, facts: HostFacts | undefined) {
  return {
    cpuCount: cpuCount ?? facts?.cpuCount ?? 0,
    memoryMiB: memoryMiB ?? facts?.memoryMiB ?? 0,
    diskMiB: diskGiB === undefined ? (facts?.diskFreeMiB ?? 0) : diskGiB * 1024,
  };
}

function whyClosed(seen: SeenHost): string | undefined {
  if ('failure' in seen) return seen.failure.message;
  const { lease } = seen.facts;
  return lease === undefined ? undefined : `leased to ${lease.mark.nodeName} of ${lease.mark.clusterName}`;
}

function describeNetwork({ name, hosts, network }: StaticSite): NetworkInventory {
  const addresses = hosts.map(({ address }) => address).sort(byNumber);
  return {
    name,
    cidr: network.cidr,
    hostAddress: network.mirrorAddress,
    range: [addresses[0] ?? '', addresses.at(-1) ?? ''],
    foreignAddresses: [],
  };
}

function byNumber(a: string, b: string): number {
  const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return number(a) - number(b);
}
