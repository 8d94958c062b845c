import type { MachineListing } from '../../engine/ports/provider.js';
import type { ClusterId, MachineId } from '../../errors/ids.js';
import { lookAtHosts, type HostFacts, type HostLease, type SeenHost } from './look-at-hosts.js';
import { readMachineRecords, type MachineRecord } from './machine-record.js';
import type { StaticHost } from '../../engine/ports/static-host.js';
import { hostName, type StaticSite } from './static-site.js';

/**
 * All machines of this home or of one cluster, by node name, then generation: what the hosts say, and what we recorded. A
 * host that does not answer is `off`, never gone.
 */
export async function listMachines(site: StaticSite, clusterId?: ClusterId): Promise<readonly MachineListing[]> {
  const [records, seen] = await Promise.all([readMachineRecords(site, clusterId), lookAtHosts(site)]);
  const leased = seen
    .map((each) => leasedMachine(site, each))
    .filter((each) => each !== undefined)
    .filter(({ mark }) => clusterId === undefined || mark.clusterId === clusterId);
  const isListed = (machineId: MachineId): boolean => leased.some(({ mark }) => mark.machineId === machineId);
  const recorded = records
    .filter(({ mark }) => !isListed(mark.machineId))
    .map((record) => recordedMachine(record, seen));
  return [...leased, ...recorded].sort(byNodeThenGeneration);
}

/** A lease of ours as the machine that it stands for. */
export function describeMachine(
  host: StaticHost,
  lease: HostLease,
  facts: Pick<HostFacts, 'isComplete'>,
): MachineListing {
  return {
    mark: lease.mark,
    state: facts.isComplete ? 'on' : 'partial',
    addresses: [host.address],
    host: hostName(host),
  };
}

function leasedMachine({ homeKey }: StaticSite, seen: SeenHost): MachineListing | undefined {
  if (!('facts' in seen) || seen.facts.lease?.homeKey !== homeKey) return undefined;
  return describeMachine(seen.host, seen.facts.lease, seen.facts);
}

/** The host answered and has no such lease: it was about to be taken, or to be forgotten. */
function recordedMachine({ mark, address }: MachineRecord, seen: readonly SeenHost[]): MachineListing {
  const of = seen.find(({ host }) => host.address === address);
  const answered = of !== undefined && 'facts' in of;
  return {
    mark,
    state: answered ? 'partial' : 'off',
    addresses: [address],
    host: of === undefined ? address : hostName(of.host),
  };
}

function byNodeThenGeneration(a: MachineListing, b: MachineListing): number {
  if (a.mark.nodeName !== b.mark.nodeName) return a.mark.nodeName < b.mark.nodeName ? -1 : 1;
  return a.mark.generation - b.mark.generation;
}
