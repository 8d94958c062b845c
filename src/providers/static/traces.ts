import type { MachineTrace } from '../../engine/ports/provider.js';
import type { MachineId } from '../../errors/ids.js';
import { keyTag } from './create-machine.js';
import { lookAtHosts, type SeenHost } from './look-at-hosts.js';
import { readMachineRecords, recordPath } from './machine-record.js';
import type { StaticSite } from './static-site.js';

/** A lease on a host, and our own record of it. A host that does not answer may have the lease that we recorded. */
export async function tracesOf(site: StaticSite, machineId: MachineId): Promise<readonly MachineTrace[]> {
  const [records, seen] = await Promise.all([readMachineRecords(site), lookAtHosts(site)]);
  const record = records.find(({ mark }) => mark.machineId === machineId);
  const leased = seen.find((each) => isLeased(site, each, machineId))?.host.address;
  const silent = seen.find((each) => each.host.address === record?.address && !('facts' in each));
  const gone = record !== undefined && !seen.some(({ host }) => host.address === record.address);
  const address = leased ?? silent?.host.address ?? (gone ? record.address : undefined);
  const own = record === undefined ? [] : [`rm ${recordPath(site, machineId)}`];
  if (address === undefined) return own.map((how) => ({ where: `record of ${site.name}`, how }));
  const how = [`on ${address}, remove lines with ${keyTag(machineId)} from authorized_keys, then /etc/bde`, ...own];
  return [{ where: `lease of the host ${address}`, how: how.join('; then here ') }];
}

function isLeased({ homeKey }: StaticSite, seen: SeenHost, machineId: MachineId): boolean {
  if (!('facts' in seen)) return false;
  const { lease } = seen.facts;
  return lease?.homeKey === homeKey && lease.mark.machineId === machineId;
}
