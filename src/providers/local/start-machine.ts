import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guard } from '../../engine/ports/guard.js';
import { BdeError } from '../../errors/bde-error.js';
import type { MachineCgroups } from './cgroup-layout.js';
import { findCgroups, isPopulated, makeCgroups } from './cgroups.js';
import { consoleText } from './console-text.js';
import { isThere } from './file-facts.js';
import { machineFolder, nspawnName, type LocalHome } from './local-home.js';
import type { MachineRecord } from './machine-record.js';
import { ensureNetwork } from './own-network.js';
import { poll } from './poll.js';
import superviseMachine from './supervise-machine.sh';
import { findImage } from './template-files.js';

const STARTED_WITHIN_MS = 60_000;
/** Exit code of the supervisor when another one holds the machine's lock. */
const HELD_BY_ANOTHER = 75;

/**
 * Starts a machine and ends when its first process runs; a machine that runs is left alone. The machine outlives this
 * process.
 *
 * @throws BdeError `PROVIDER_FAILED` with the last lines of the machine's console
 */
export async function startMachine(home: LocalHome, record: MachineRecord, guard: Guard): Promise<void> {
  const { machineId } = record.mark;
  if (await isPopulated((await findCgroups(home, machineId)).node)) return;
  const image = await requireImage(home, record);
  // After a reboot of the host the bridge is gone; else it was looked after when the operation began.
  if (!(await isThere(`/sys/class/net/${home.bridge}`))) await ensureNetwork(home, guard);
  await guard();
  const cgroups = await makeCgroups(home, record);
  await writeFile(machineFolder(home, machineId).supervisor, superviseMachine, { mode: 0o700 });
  await guard();
  await superviseUntilRunning(home, record, { cgroups, image });
}

/** The machine-id of systemd: fresh for each machine, and the one that `guest-init.sh` derives. */
export function systemdMachineId(machineId: string): string {
  return createHash('sha256').update(machineId).digest('hex').slice(0, 32);
}

async function requireImage(home: LocalHome, record: MachineRecord): Promise<string> {
  const image = await findImage(home.templatesDir, record.template);
  if (image !== undefined) return image;
  throw new BdeError(
    'PROVIDER_FAILED',
    `template ${record.template.slice(0, 12)} of ${record.mark.nodeName} is not in this home`,
    {
      subject: { node: record.mark.nodeName },
      hint: 'Run `bde template build`.',
    },
  );
}

interface StartContext {
  readonly cgroups: MachineCgroups;
  readonly image: string;
}

async function superviseUntilRunning(home: LocalHome, record: MachineRecord, context: StartContext): Promise<void> {
  const child = await spawnSupervisor(home, record, context);
  const isRunning = () => isPopulated(join(context.cgroups.node, 'payload'));
  const hasFailed = () => child.exitCode !== null && child.exitCode !== HELD_BY_ANOTHER;
  await poll(async () => hasFailed() || (await isRunning()), STARTED_WITHIN_MS);
  child.unref();
  if (await isRunning()) return;
  const last = await consoleText(home, record.mark.machineId, 10);
  const how =
    child.exitCode === null
      ? `did not start within ${STARTED_WITHIN_MS} ms`
      : `ended with ${child.exitCode} at its start`;
  throw new BdeError('PROVIDER_FAILED', `machine ${record.mark.machineId} of ${record.mark.nodeName} ${how}: ${last}`, {
    subject: { cluster: record.mark.clusterName, node: record.mark.nodeName },
    hint: 'Run `bde doctor` to see what the host lacks.',
  });
}

async function spawnSupervisor(home: LocalHome, record: MachineRecord, context: StartContext): Promise<ChildProcess> {
  const folder = machineFolder(home, record.mark.machineId);
  const log = await open(folder.log, 'a', 0o600);
  try {
    return spawn('unshare', ['--mount', '--propagation', 'slave', 'sh', folder.supervisor], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: supervisorEnvironment(home, record, context),
    });
  } finally {
    await log.close();
  }
}

function supervisorEnvironment(
  home: LocalHome,
  record: MachineRecord,
  { cgroups, image }: StartContext,
): NodeJS.ProcessEnv {
  const [address = ''] = record.addresses;
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
    BDE_DIR: machineFolder(home, record.mark.machineId).path,
    BDE_IMAGE: image,
    BDE_IMAGE_LOCK: join(home.templatesDir, 'mount.lock'),
    BDE_NAME: nspawnName(home, address),
    BDE_UUID: systemdMachineId(record.mark.machineId),
    BDE_HOST_NAME: record.hostName,
    BDE_ADDRESSES: record.addresses.join(' '),
    BDE_BRIDGE: home.bridge,
    BDE_WATCH_CGROUP: cgroups.watch,
    BDE_CGROUPS: cgroups.members.join(' '),
  };
}
