import type { Guard } from '../../engine/ports/guard.js';
import type { MachineCapacity } from '../../engine/ports/provider.js';
import { BdeError } from '../../errors/bde-error.js';
import type { MachineId } from '../../errors/ids.js';
import { limitMachine } from './cgroups.js';
import { isComplete, readMachineRecord, replaceMachineRecord } from './machine-record.js';
import type { LocalHome } from './local-home.js';

/**
 * Gives a machine other limits, at once where it runs. The limits come before the record: what the kernel refuses is not
 * written down, and a repeated call does both again.
 *
 * @throws BdeError `PROVIDER_FAILED` for an unknown machine, or where it uses more memory than it is to have
 */
export async function resizeMachine(
  home: LocalHome,
  machineId: MachineId,
  given: { readonly capacity: MachineCapacity; readonly guard: Guard },
): Promise<void> {
  const { capacity, guard } = given;
  const record = await readMachineRecord(home, machineId);
  if (record === undefined || !(await isComplete(home, machineId))) {
    throw new BdeError('PROVIDER_FAILED', `machine ${machineId} is not known to the local provider`, {
      hint: 'Run `bde cluster show` to see which machines are there.',
    });
  }
  const { cpuCount, memoryMiB } = capacity.size;
  const resized = { ...record, size: { ...record.size, cpuCount, memoryMiB }, swapMiB: capacity.swapMiB };
  await guard();
  await limitMachine(home, resized);
  await guard();
  await replaceMachineRecord(home, resized);
}
