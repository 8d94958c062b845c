import { BdeError } from '../../errors/bde-error.js';
import type { Guard } from '../../engine/ports/guard.js';
import type { MachineId } from '../../errors/ids.js';
import { keyTag, keyUsers } from './create-machine.js';
import { lookAtHosts, parseHostFacts } from './look-at-hosts.js';
import { readMachineRecords, removeMachineRecord } from './machine-record.js';
import { onHost, type OpenHost } from './on-host.js';
import type { StaticHost } from '../../engine/ports/static-host.js';
import type { StaticSite } from './static-site.js';

/**
 * Takes away what bde laid on a leased host and gives it back; unknown machine: done. Killed in the middle, it leaves a
 * `partial` machine: the lease goes last there, our record after it.
 *
 * @throws BdeError `PROVIDER_FAILED` where the host does not answer: nobody may take it for free then
 */
export async function destroyMachine(site: StaticSite, machineId: MachineId, guard: Guard): Promise<void> {
  const host = await findHost(site, machineId);
  if (host === undefined) return;
  await onHost(site, host, (open) => giveBack(site, { open, machineId }, guard));
  await guard();
  await removeMachineRecord(site, machineId);
}

async function giveBack(
  { homeKey }: StaticSite,
  { open, machineId }: { readonly open: OpenHost; readonly machineId: MachineId },
  guard: Guard,
): Promise<void> {
  const { lease } = parseHostFacts((await open.call(['look'])) ?? '');
  if (lease?.homeKey !== homeKey || lease.mark.machineId !== machineId) return;
  for (const verb of [['reopen'], ['clean', keyTag(machineId), ...keyUsers(open.user)], ['release']]) {
    await guard();
    await open.call(verb);
  }
}

/** By our record, or by asking every host: a home that was lost has none. */
async function findHost(site: StaticSite, machineId: MachineId): Promise<StaticHost | undefined> {
  const record = (await readMachineRecords(site)).find(({ mark }) => mark.machineId === machineId);
  if (record === undefined) {
    const seen = await lookAtHosts(site);
    return seen.find(
      (each) =>
        'facts' in each && each.facts.lease?.homeKey === site.homeKey && each.facts.lease.mark.machineId === machineId,
    )?.host;
  }
  const host = site.hosts.find(({ address }) => address === record.address);
  if (host !== undefined) return host;
  throw new BdeError(
    'PROVIDER_FAILED',
    `The host ${record.address} is leased to ${record.mark.nodeName}, and the site file has no such host any more.`,
    { subject: { node: record.mark.nodeName }, hint: `Put it back into the hosts of ${site.name}, then try again.` },
  );
}
