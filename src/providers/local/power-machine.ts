import { join } from 'node:path';
import type { Guard } from '../../engine/ports/guard.js';
import { BdeError } from '../../errors/bde-error.js';
import type { MachineId } from '../../errors/ids.js';
import type { MachineCgroups } from './cgroup-layout.js';
import { findCgroups, isPopulated, killCgroup } from './cgroups.js';
import { hasErrorCode, readIfThere } from './file-facts.js';
import { removeHostLink } from './host-link.js';
import type { LocalHome } from './local-home.js';
import { readMachineRecord } from './machine-record.js';
import { poll } from './poll.js';
import { startMachine } from './start-machine.js';

const ASK_AGAIN_MS = 1000;
const SIGRTMIN_PLUS_3 = 37;

/**
 * Powers a machine on or off. `off` asks the guest and kills what is left after the home's grace time; `kill` does not
 * ask. Both end when no process of the machine is left.
 *
 * @throws BdeError `PROVIDER_FAILED`, also for an unknown machine
 */
export async function powerMachine(
  home: LocalHome,
  machineId: MachineId,
  to: 'on' | 'off' | 'kill',
  guard: Guard,
): Promise<void> {
  const record = await readMachineRecord(home, machineId);
  if (!record) {
    throw new BdeError('PROVIDER_FAILED', `machine ${machineId} is not known to the local provider`, {
      hint: 'Run `bde cluster show` to see which machines are there.',
    });
  }
  if (to === 'on') {
    await startMachine(home, record, guard);
    return;
  }
  const cgroups = await findCgroups(home, machineId);
  if (to === 'off') await askToShutDown(home, cgroups, guard);
  await guard();
  await killCgroup(cgroups.top);
  await removeHostLink(home, record);
}

async function askToShutDown(home: LocalHome, cgroups: MachineCgroups, guard: Guard): Promise<void> {
  await guard();
  const end = performance.now() + home.graceMs;
  do {
    // A machine that has just begun to boot does not hear the signal yet, and hearing it twice does no harm.
    await askInit(cgroups);
  } while (!(await poll(async () => !(await isPopulated(cgroups.top)), ASK_AGAIN_MS)) && performance.now() < end);
}

/** Asks the machine's first process to halt: SIGRTMIN+3, as nspawn and machinectl do (systemd(1), "Signals"). */
async function askInit({ node }: MachineCgroups): Promise<void> {
  const lists = ['payload/init.scope', 'payload'].map((path) => readIfThere(join(node, path, 'cgroup.procs')));
  const pids = (await Promise.all(lists)).flatMap((list) => (list ?? '').split('\n').filter(Boolean));
  for (const pid of pids) {
    const status = (await readIfThere(`/proc/${pid}/status`)) ?? '';
    // The last of the process' ids is the one inside the machine.
    if (/^NSpid:.*\t1$/m.test(status)) signalIfThere(Number(pid), SIGRTMIN_PLUS_3);
  }
}

function signalIfThere(pid: number, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH')) throw error;
  }
}
