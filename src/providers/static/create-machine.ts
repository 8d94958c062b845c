import { BdeError } from '../../errors/bde-error.js';
import type { Guard } from '../../engine/ports/guard.js';
import type { CreateMachine, GuestData, MachineListing } from '../../engine/ports/provider.js';
import { describeMachine } from './list-machines.js';
import { parseHostFacts, type HostFacts, type HostLease } from './look-at-hosts.js';
import { readMachineRecords, writeMachineRecord } from './machine-record.js';
import { onHost, type OpenHost } from './on-host.js';
import type { StaticHost } from '../../engine/ports/static-host.js';
import { hostName, type StaticSite } from './static-site.js';

/**
 * Leases the host at the machine's address and tells it what it is: name, keys, trust. Our record comes first and the
 * host's sign of completeness last, so what died in between is `partial` and is completed by a repeated call.
 *
 * @throws BdeError `PROVIDER_FAILED` where the host is unknown, somebody else's, or does not answer
 */
export async function createMachine(site: StaticSite, request: CreateMachine, guard: Guard): Promise<MachineListing> {
  const host = hostOf(site, request);
  const lease: HostLease = { formatVersion: 1, homeKey: site.homeKey, mark: request.mark };
  await ensureRecord(site, { lease, host }, guard);
  return onHost(site, host, async (open) => {
    const found = await look(open);
    if (found.lease !== undefined && isSameMachine(found.lease, lease)) {
      if (found.isComplete) return describeMachine(host, found.lease, found);
    } else {
      if (found.lease !== undefined) throw leasedError(host, found.lease);
      await take(open, lease, guard);
    }
    await layGuestData(open, request.guestData, guard);
    await guard();
    await open.call(['complete']);
    return describeMachine(host, found.lease ?? lease, { isComplete: true });
  });
}

/** What the keys of a machine end with on its host, so that they are found again. */
export function keyTag(machineId: string): string {
  return `bde-lease-${machineId}`;
}

/** The users whose keys a lease adds to. */
export function keyUsers(user: string): readonly string[] {
  return [...new Set(['root', user])];
}

async function ensureRecord(
  site: StaticSite,
  { lease, host }: { readonly lease: HostLease; readonly host: StaticHost },
  guard: Guard,
): Promise<void> {
  const records = await readMachineRecords(site);
  if (records.some(({ mark }) => mark.machineId === lease.mark.machineId)) return;
  await guard();
  await writeMachineRecord(site, { formatVersion: 1, mark: lease.mark, address: host.address });
}

async function look({ call }: OpenHost): Promise<HostFacts> {
  return parseHostFacts((await call(['look'])) ?? '');
}

/** Of two who take it at once one is refused; where the other is our own twin, it is ours. */
async function take(open: OpenHost, lease: HostLease, guard: Guard): Promise<void> {
  await guard();
  if ((await open.call(['take'], JSON.stringify(lease))) !== undefined) return;
  const { lease: holder } = await look(open);
  if (holder === undefined || !isSameMachine(holder, lease)) throw leasedError(open.host, holder);
}

async function layGuestData({ call, link, user }: OpenHost, data: GuestData, guard: Guard): Promise<void> {
  await guard();
  await call(['name', data.hostName]);
  for (const each of keyUsers(user)) {
    await guard();
    await call(['authorize', each, keyTag(data.machineId)], data.authorizedKeys.map((line) => `${line}\n`).join(''));
  }
  const files = [
    ...(data.caCertificates.length === 0 ? [] : [['/etc/bde/ca.pem', data.caCertificates.join('\n')] as const]),
    ...Object.entries(data.packageKeys).map(([name, key]) => [`/etc/pki/rpm-gpg/${name}`, key] as const),
  ];
  for (const [path, content] of files) {
    await guard();
    await link.writeFile(path, Buffer.from(`${content.trimEnd()}\n`), 0o644);
  }
}

function isSameMachine(a: HostLease, b: HostLease): boolean {
  return a.homeKey === b.homeKey && a.mark.machineId === b.mark.machineId;
}

function hostOf(site: StaticSite, { guestData, mark }: CreateMachine): StaticHost {
  const [network] = guestData.networks;
  const host = site.hosts.find(({ address }) => address === network?.address);
  if (host !== undefined) return host;
  throw new BdeError(
    'PROVIDER_FAILED',
    `No host of the provider ${site.name} has the address ${network?.address ?? '(none)'} of ${mark.nodeName}; ` +
      `there are ${site.hosts.map(({ address }) => address).join(', ')}.`,
    { subject: { node: mark.nodeName }, hint: 'Put the host back into the site file.' },
  );
}

function leasedError(host: StaticHost, holder: HostLease | undefined): BdeError {
  const whose =
    holder === undefined
      ? 'somebody else'
      : `${holder.mark.nodeName} of ${holder.mark.clusterName} (home ${holder.homeKey || 'unknown'})`;
  return new BdeError('PROVIDER_FAILED', `The host ${hostName(host)} is leased to ${whose}.`, {
    hint: 'Delete that cluster, or take the host out of the site file.',
  });
}
