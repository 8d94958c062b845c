import { findCgroups, isPopulated } from './cgroups.js';
import { isThere } from './file-facts.js';
import { hostLink, type LocalHome } from './local-home.js';
import { readMachineRecords, type MachineRecord } from './machine-record.js';
import { poll } from './poll.js';
import { runOrFail } from './run-command.js';

const GONE_WITHIN_MS = 2000;

/**
 * Ends when the host end of a stopped machine's link is gone. The kernel takes it away a moment after the last process of
 * the machine; where something else still holds the machine's network namespace, it is deleted.
 */
export async function removeHostLink(home: LocalHome, record: MachineRecord): Promise<void> {
  for (const address of record.addresses) {
    const link = `/sys/class/net/${hostLink(home, address)}`;
    // Links are named after addresses, and a node's next machine may be up already.
    if (!(await isThere(link)) || (await hasSuccessor(home, record, address))) continue;
    if (await poll(async () => !(await isThere(link)), GONE_WITHIN_MS)) continue;
    await runOrFail(home.run, ['ip', 'link', 'delete', hostLink(home, address)]);
  }
}

async function hasSuccessor(home: LocalHome, { mark }: MachineRecord, address: string): Promise<boolean> {
  const others = (await readMachineRecords(home)).filter(
    (other) => other.mark.machineId !== mark.machineId && other.addresses.includes(address),
  );
  const running = await Promise.all(
    others.map(async (other) => isPopulated((await findCgroups(home, other.mark.machineId)).node)),
  );
  return running.includes(true);
}
