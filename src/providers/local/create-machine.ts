import { writeFile } from 'node:fs/promises';
import type { Guard } from '../../engine/ports/guard.js';
import type { CreateMachine, MachineListing } from '../../engine/ports/provider.js';
import { BdeError } from '../../errors/bde-error.js';
import { findCgroups, isPopulated } from './cgroups.js';
import { takeDisks } from './data-disks.js';
import { destroyMachine, removeAllButDisks } from './destroy-machine.js';
import { makeDisks } from './disks.js';
import { writeGuestFolder } from './guest-folder.js';
import { describeMachine } from './list-machines.js';
import { machineFolder, type LocalHome } from './local-home.js';
import {
  isComplete,
  isSameMachine,
  machineRecord,
  makeRootFolders,
  readMachineRecord,
  replaceMachineRecord,
  writeMachineRecord,
  type MachineRecord,
} from './machine-record.js';
import { startMachine } from './start-machine.js';

/**
 * Makes a machine and starts it. The record comes first, so no effect is without a trace, and the mark of completeness
 * last: a creation that died anywhere between them is `partial` and is completed by a repeated call.
 *
 * @throws BdeError `PROVIDER_FAILED`
 */
export async function createMachine(home: LocalHome, request: CreateMachine, guard: Guard): Promise<MachineListing> {
  const wanted = machineRecord(request);
  checkRequest(home, request);
  const { machineId } = request.mark;
  const found = await readMachineRecord(home, machineId);
  if (found && (await isComplete(home, machineId))) {
    await startMachine(home, found, guard);
    return describeMachine(home, found);
  }
  const record = await ensureRecord(home, { wanted, found, takesDisks: request.disksFrom.length > 0 }, guard);
  await completeMachine(home, { record, request }, guard);
  return describeMachine(home, record);
}

interface RecordChoice {
  readonly wanted: MachineRecord;
  /** What an earlier, unfinished call left. */
  readonly found: MachineRecord | undefined;
  /** Disks that it has may have been another machine's, and stay. */
  readonly takesDisks: boolean;
}

/** Nobody was told of a half-made machine with other keys or another address: it goes, under its id, first. */
async function ensureRecord(home: LocalHome, choice: RecordChoice, guard: Guard): Promise<MachineRecord> {
  const { wanted, found, takesDisks } = choice;
  const { machineId } = wanted.mark;
  if (found && isSameMachine(found, wanted)) return found;
  if (found && takesDisks) {
    await removeAllButDisks(home, machineId, guard);
    await guard();
    await replaceMachineRecord(home, wanted);
    return wanted;
  }
  if (found) await destroyMachine(home, machineId, guard);
  await guard();
  await writeMachineRecord(home, wanted);
  return wanted;
}

interface Completion {
  readonly record: MachineRecord;
  readonly request: CreateMachine;
}

async function completeMachine(home: LocalHome, { record, request }: Completion, guard: Guard): Promise<void> {
  const folder = machineFolder(home, record.mark.machineId);
  // A machine that an earlier call started is reading its guest data now, or has.
  if (!(await isPopulated((await findCgroups(home, record.mark.machineId)).top))) {
    await guard();
    await makeRootFolders(folder.path);
    await writeGuestFolder(folder.upper, request.guestData);
    if (request.disksFrom.length > 0) await takeDisks(home, { record, from: request.disksFrom }, guard);
    await makeDisks(home, record, guard);
  }
  await startMachine(home, record, guard);
  await guard();
  await writeFile(folder.complete, '');
}

function checkRequest(home: LocalHome, request: CreateMachine): void {
  const { mark, cloneKind, guestData } = request;
  const subject = { cluster: mark.clusterName, node: mark.nodeName };
  if (cloneKind !== 'linked') {
    throw new BdeError('PROVIDER_FAILED', `local machines are linked clones, not ${cloneKind} ones`, { subject });
  }
  if (guestData.networks.length !== 1) {
    const count = guestData.networks.length;
    throw new BdeError('PROVIDER_FAILED', `a local machine has one network (${home.bridge}), not ${count}`, {
      subject,
    });
  }
  for (const name of Object.keys(guestData.packageKeys)) {
    if (/^[\w-][\w.-]*$/.test(name)) continue;
    throw new BdeError('PROVIDER_FAILED', `${JSON.stringify(name)} is no file name for a package key`, { subject });
  }
}
