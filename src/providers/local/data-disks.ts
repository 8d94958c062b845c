import { mkdir, open, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guard } from '../../engine/ports/guard.js';
import { BdeError } from '../../errors/bde-error.js';
import type { MachineId } from '../../errors/ids.js';
import { findCgroups, isPopulated } from './cgroups.js';
import { hasErrorCode, isThere, readIfThere } from './file-facts.js';
import { machineFolder, type LocalHome } from './local-home.js';
import type { MachineRecord } from './machine-record.js';
import { poll } from './poll.js';

/** Where ext4 has its magic number: https://docs.kernel.org/filesystems/ext4/globals.html#super-block */
const MAGIC_AT = 1024 + 0x38;
const MAGIC = 0xef53;
/** The kernel unmounts a moment after the last process of a machine. */
const FREED_WITHIN_MS = 10_000;

/** The data disks of each machine that have a file system, by index, whatever else of the machine is left. */
export async function readableDisks(
  home: LocalHome,
  machineIds: readonly MachineId[],
): Promise<ReadonlyMap<MachineId, readonly number[]>> {
  const found = await Promise.all(machineIds.map(async (id) => [id, await disksOf(home, id)] as const));
  return new Map(found);
}

/**
 * Moves to a machine the data disks that it does not have yet, from earlier ones that are off. What an earlier call moved
 * stays.
 *
 * @throws BdeError `PROVIDER_FAILED` where a disk is in use, or nowhere: none is made up
 */
export async function takeDisks(
  home: LocalHome,
  { record, from }: { readonly record: MachineRecord; readonly from: readonly MachineId[] },
  guard: Guard,
): Promise<void> {
  const { disks } = machineFolder(home, record.mark.machineId);
  const readable = await readableDisks(home, from);
  for (const index of record.dataDisksGiB.keys()) {
    const own = diskPath(disks, index);
    if (await isThere(own)) continue;
    const owner = from.find((id) => readable.get(id)?.includes(index));
    if (owner === undefined) throw diskNowhere(record, index);
    const path = diskPath(machineFolder(home, owner).disks, index);
    await requireFree(home, { owner, path, record });
    await guard();
    await mkdir(disks, { recursive: true });
    await rename(path, own);
  }
}

/** The image of a data disk in a machine's folder of disks. */
export function diskPath(disks: string, index: number): string {
  return join(disks, `data-${String(index)}.img`);
}

async function disksOf(home: LocalHome, machineId: MachineId): Promise<readonly number[]> {
  const { disks } = machineFolder(home, machineId);
  const indexes = (await namesIn(disks)).flatMap((name) => {
    const index = /^data-(\d+)\.img$/.exec(name)?.[1];
    return index === undefined ? [] : [Number(index)];
  });
  const readable = await Promise.all(indexes.map((index) => hasFileSystem(diskPath(disks, index))));
  return indexes.filter((_, position) => readable[position]).sort((one, other) => one - other);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function hasFileSystem(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, MAGIC_AT);
    return bytesRead === 2 && buffer.readUInt16LE(0) === MAGIC;
  } catch (error) {
    // A disk of the host that is going: what cannot be read is lost, and the plan says so.
    if (hasErrorCode(error, 'EIO')) return false;
    throw error;
  } finally {
    await file.close();
  }
}

interface TakenDisk {
  readonly owner: MachineId;
  readonly path: string;
  readonly record: MachineRecord;
}

/** Two mounts of one file system would end it. */
async function requireFree(home: LocalHome, { owner, path, record }: TakenDisk): Promise<void> {
  const { mark } = record;
  const isOn = await isPopulated((await findCgroups(home, owner)).top);
  if (!isOn && (await poll(async () => !(await isBackingLoop(path)), FREED_WITHIN_MS))) return;
  throw new BdeError(
    'PROVIDER_FAILED',
    `the data disk ${path} of ${mark.nodeName} is in use: machine ${owner} ${isOn ? 'still runs' : 'has it mounted'}`,
    { subject: { cluster: mark.clusterName, node: mark.nodeName }, hint: 'Run the command again in a moment.' },
  );
}

async function isBackingLoop(path: string): Promise<boolean> {
  const devices = (await readdir('/sys/block')).filter((name) => name.startsWith('loop'));
  const files = await Promise.all(devices.map((name) => readIfThere(`/sys/block/${name}/loop/backing_file`)));
  return files.some((file) => file?.trimEnd() === path);
}

function diskNowhere({ mark }: MachineRecord, index: number): BdeError {
  return new BdeError(
    'PROVIDER_FAILED',
    `data disk ${String(index)} of ${mark.nodeName} can be read on no machine any more`,
    {
      subject: { cluster: mark.clusterName, node: mark.nodeName },
      hint: `Plan anew with bde cluster fix ${mark.clusterName} --plan: it says what is lost.`,
    },
  );
}
