import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guard } from '../../engine/ports/guard.js';
import type { MachineId } from '../../errors/ids.js';
import { findCgroups, killCgroup, removeCgroup } from './cgroups.js';
import { isThere } from './file-facts.js';
import { removeHostLink } from './host-link.js';
import { machineFolder, type LocalHome } from './local-home.js';
import { readMachineRecord } from './machine-record.js';
import { parseMountPoints } from './mount-points.js';
import { runOrFail } from './run-command.js';

/**
 * Removes a machine and all that was made for it, whatever state it is in; unknown machine: done. Killed in the middle, it
 * leaves a `partial` machine: the record goes last.
 *
 * @throws BdeError `PROVIDER_FAILED` when processes or cgroups cannot be removed in time
 */
export async function destroyMachine(home: LocalHome, machineId: MachineId, guard: Guard): Promise<void> {
  const folder = machineFolder(home, machineId);
  const record = await readMachineRecord(home, machineId);
  await guard();
  await rm(folder.complete, { force: true });
  await removeProcesses(home, machineId, guard);
  if (record) await removeHostLink(home, record);
  await removeFolder(home, folder.path, guard);
}

/** Takes a half-made machine back to its record and its disks. */
export async function removeAllButDisks(home: LocalHome, machineId: MachineId, guard: Guard): Promise<void> {
  const { path } = machineFolder(home, machineId);
  await removeProcesses(home, machineId, guard);
  await removeEntries(home, { path, kept: ['mark.json', 'disks'] }, guard);
}

/** Kills what runs for a machine and removes its cgroups. */
export async function removeProcesses(home: LocalHome, machineId: MachineId, guard: Guard): Promise<void> {
  const cgroups = await findCgroups(home, machineId);
  await guard();
  await killCgroup(cgroups.top);
  await guard();
  for (const root of cgroups.roots) await removeCgroup(root);
}

/** Removes a machine's folder with anything mounted in it, the record last. */
export async function removeFolder(home: LocalHome, path: string, guard: Guard): Promise<void> {
  if (!(await isThere(path))) return;
  await unmountBelow(home, path, guard);
  await removeEntries(home, { path, kept: ['mark.json'] }, guard);
  await guard();
  await rm(join(path, 'mark.json'), { force: true });
  await rmdir(path);
}

async function removeEntries(
  home: LocalHome,
  { path, kept }: { readonly path: string; readonly kept: readonly string[] },
  guard: Guard,
): Promise<void> {
  const names = (await readdir(path)).filter((name) => !kept.includes(name));
  await guard();
  // rm beats Node's own recursion on the ten thousand files of a node that installed packages.
  const argv = ['rm', '-rf', '--one-file-system', '--', ...names.map((name) => join(path, name))];
  if (names.length > 0) await runOrFail(home.run, argv);
}

/** A machine's mounts live in its own namespace and die with it; this is for mounts that somebody made by hand. */
async function unmountBelow(home: LocalHome, path: string, guard: Guard): Promise<void> {
  const mounts = parseMountPoints(await readFile('/proc/self/mountinfo', 'utf8'));
  for (const mount of mounts.filter((point) => point.startsWith(`${path}/`)).reverse()) {
    await guard();
    await runOrFail(home.run, ['umount', '--lazy', mount]);
  }
}
