import { mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MachineId } from '../../errors/ids.js';
import { BdeError } from '../../errors/bde-error.js';
import {
  cgroupSettings,
  homeCgroups,
  machineCgroups,
  parseCgroupLayout,
  type CgroupLayout,
  type CgroupSetting,
  type MachineCgroups,
} from './cgroup-layout.js';
import { hasErrorCode, isThere, readIfThere } from './file-facts.js';
import type { LocalHome } from './local-home.js';
import type { MachineRecord } from './machine-record.js';
import { poll } from './poll.js';

const EMPTY_WITHIN_MS = 20_000;

/** The host's layout; undefined when it has no cgroup2 hierarchy. */
export async function readCgroupLayout(): Promise<CgroupLayout | undefined> {
  return parseCgroupLayout(await readFile('/proc/self/mountinfo', 'utf8'));
}

/**
 * Cgroups of a machine of this home.
 *
 * @throws BdeError `PROVIDER_FAILED` on a host without a cgroup2 hierarchy
 */
export async function findCgroups(home: LocalHome, machineId: MachineId): Promise<MachineCgroups> {
  return machineCgroups(await requireLayout(), home.cgroup, machineId);
}

/** Makes the cgroups of a machine and sets its limits, as far as the host has the controllers. */
export async function makeCgroups(home: LocalHome, record: MachineRecord): Promise<MachineCgroups> {
  const layout = await requireLayout();
  const cgroups = machineCgroups(layout, home.cgroup, record.mark.machineId);
  for (const path of [cgroups.watch, ...cgroups.members]) await mkdir(path, { recursive: true });
  for (const path of [layout.unified, dirname(cgroups.top), cgroups.top]) await handDownControllers(path);
  for (const { path, value } of cgroupSettings(layout, cgroups, { ...record.size, swapMiB: record.swapMiB })) {
    if (await isThere(path)) await writeFile(path, value);
  }
  return cgroups;
}

/**
 * Sets the limits of a machine that has cgroups; one without has none to set. Memory with swap can be neither below memory
 * alone nor raised after it: what the kernel refuses at first is written again once the others are.
 *
 * @throws BdeError `PROVIDER_FAILED` where the machine uses more than it is to have
 */
export async function limitMachine(home: LocalHome, record: MachineRecord): Promise<void> {
  const layout = await requireLayout();
  const cgroups = machineCgroups(layout, home.cgroup, record.mark.machineId);
  const settings = cgroupSettings(layout, cgroups, { ...record.size, swapMiB: record.swapMiB });
  const refused: CgroupSetting[] = [];
  for (const setting of settings) if (!(await trySetting(setting))) refused.push(setting);
  for (const setting of refused) {
    if (await trySetting(setting)) continue;
    throw new BdeError('PROVIDER_FAILED', `the kernel refuses ${setting.value} for ${setting.path}`, {
      subject: { node: record.mark.nodeName },
      hint: 'The machine uses more than that now: stop what it runs, or give it more.',
    });
  }
}

async function trySetting({ path, value }: CgroupSetting): Promise<boolean> {
  if (!(await isThere(path))) return true;
  try {
    await writeFile(path, value);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EINVAL', 'EBUSY')) return false;
    throw error;
  }
}

/** Whether any process lives in a cgroup or below it. */
export async function isPopulated(cgroup: string): Promise<boolean> {
  return (await readIfThere(join(cgroup, 'cgroup.events')))?.includes('populated 1') ?? false;
}

/** Kills every process below a cgroup at once and waits until none is left. */
export async function killCgroup(cgroup: string): Promise<void> {
  if (!(await isPopulated(cgroup))) return;
  await writeFile(join(cgroup, 'cgroup.kill'), '1');
  await waitUntilEmpty(cgroup, EMPTY_WITHIN_MS);
}

/** @throws BdeError `PROVIDER_FAILED` when processes are still there after `withinMs` */
export async function waitUntilEmpty(cgroup: string, withinMs: number): Promise<void> {
  if (await poll(async () => !(await isPopulated(cgroup)), withinMs)) return;
  throw new BdeError(
    'PROVIDER_FAILED',
    `processes in ${cgroup} are still there ${withinMs} ms after they were told to end`,
    {
      hint: 'Look for processes in state D with `ps`; they wait for the host.',
    },
  );
}

/** Removes a cgroup and all below it; it must have no process. The kernel may be busy with them for some milliseconds. */
export async function removeCgroup(cgroup: string): Promise<void> {
  const busy: string[] = [];
  const removed = await poll(async () => {
    busy.length = 0;
    await removeTree(cgroup, busy);
    return busy.length === 0;
  }, EMPTY_WITHIN_MS);
  if (!removed) throw new BdeError('PROVIDER_FAILED', `cgroup ${busy.join(', ')} is busy and cannot be removed`);
}

/** Removes the home's own cgroups once no machine has one below them. */
export async function removeHomeCgroups(home: LocalHome): Promise<void> {
  const layout = await readCgroupLayout();
  for (const path of layout ? homeCgroups(layout, home.cgroup) : []) await rmdirIfEmpty(path);
}

/** Machine ids that have a cgroup of this home in any hierarchy. */
export async function listCgroupIds(home: LocalHome): Promise<readonly string[]> {
  const layout = await readCgroupLayout();
  const names = await Promise.all((layout ? homeCgroups(layout, home.cgroup) : []).map(childFolders));
  return [...new Set(names.flat())].sort();
}

async function requireLayout(): Promise<CgroupLayout> {
  const layout = await readCgroupLayout();
  if (layout) return layout;
  throw new BdeError('PROVIDER_FAILED', 'this host has no cgroup2 hierarchy, and local machines need one', {
    hint: 'Mount one: `mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 none /sys/fs/cgroup/unified`.',
  });
}

/** On cgroup2, children have only the controllers that their parent hands down. */
async function handDownControllers(cgroup: string): Promise<void> {
  const available = (await readIfThere(join(cgroup, 'cgroup.controllers')))?.trim().split(' ') ?? [];
  const wanted = ['cpu', 'memory'].filter((name) => available.includes(name)).map((name) => `+${name}`);
  if (wanted.length > 0) await writeFile(join(cgroup, 'cgroup.subtree_control'), wanted.join(' '));
}

async function removeTree(cgroup: string, busy: string[]): Promise<void> {
  for (const child of await childFolders(cgroup)) await removeTree(join(cgroup, child), busy);
  await rmdir(cgroup).catch((error: unknown) => {
    if (hasErrorCode(error, 'EBUSY', 'ENOTEMPTY')) busy.push(cgroup);
    else if (!hasErrorCode(error, 'ENOENT')) throw error;
  });
}

async function rmdirIfEmpty(path: string): Promise<void> {
  await rmdir(path).catch((error: unknown) => {
    if (!hasErrorCode(error, 'ENOENT', 'EBUSY', 'ENOTEMPTY')) throw error;
  });
}

async function childFolders(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}
