import type { MachineTrace } from '../../engine/ports/provider.js';
import type { MachineId } from '../../errors/ids.js';
import { keyTag } from './create-machine.js';
import { lookAtHosts, type SeenHost } from './look-at-hosts.js';
import { readMachineRecords, recordPath, type MachineRecord } from './machine-record.js';
import type { StaticSite } from './static-site.js';

/** Leases on hosts, and our own records of them. A host that does not answer may have the lease that we recorded. */
export async function tracesOf(
  site: StaticSite,
  machineIds: readonly MachineId[],
): Promise<ReadonlyMap<MachineId, readonly MachineTrace[]>> {
  const [records, seen] = await Promise.all([readMachineRecords(site), lookAtHosts(site)]);
  return new Map(
    machineIds.map((id) => {
      const record = records.find(({ mark }) => mark.machineId === id);
      return [id, tracesOfOne(site, { id, record, seen })] as const;
    }),
  );
}

function tracesOfOne(
  site: StaticSite,
  {
    id,
    record,
    seen,
  }: { readonly id: MachineId; readonly record: MachineRecord | undefined; readonly seen: readonly SeenHost[] },
): readonly MachineTrace[] {
  const leased = seen.find((each) => isLeased(site, each, id))?.host.address;
  const recorded = seen.find(({ host }) => host.address === record?.address);
  const isAsked = recorded !== undefined && 'facts' in recorded;
  const address = leased ?? (isAsked ? undefined : record?.address);
  const own = record === undefined ? [] : [`rm ${recordPath(site, id)}`];
  if (address === undefined) return own.map((how) => ({ where: `record of ${site.name}`, how }));
  const how = [`on ${address}, remove lines with ${keyTag(id)} from authorized_keys, then /etc/bde`, ...own];
  return [{ where: `lease of the host ${address}`, how: how.join('; then here ') }];
}

function isLeased({ homeKey }: StaticSite, seen: SeenHost, machineId: MachineId): boolean {
  if (!('facts' in seen)) return false;
  const { lease } = seen.facts;
  return lease?.homeKey === homeKey && lease.mark.machineId === machineId;
}
