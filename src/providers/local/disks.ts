import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guard } from '../../engine/ports/guard.js';
import { diskPath } from './data-disks.js';
import { isThere } from './file-facts.js';
import { machineFolder, type LocalHome } from './local-home.js';
import type { MachineRecord } from './machine-record.js';
import { runOrFail } from './run-command.js';

/**
 * Makes the swap and data disks of a machine as sparse files of the asked sizes; those that are there stay.
 *
 * A data disk holds an empty ext4 and is mounted in the machine at `/data/0`, `/data/1`, …
 */
export async function makeDisks(home: LocalHome, record: MachineRecord, guard: Guard): Promise<void> {
  const { disks } = machineFolder(home, record.mark.machineId);
  if (record.swapMiB > 0) await makeDisk(join(disks, 'swap.img'), record.swapMiB, guard);
  for (const [index, sizeGiB] of record.dataDisksGiB.entries()) {
    await makeDisk(diskPath(disks, index), sizeGiB * 1024, guard, (path) => formatDisk(home, path));
  }
}

async function makeDisk(
  path: string,
  sizeMiB: number,
  guard: Guard,
  prepare: (path: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  if (await isThere(path)) return;
  await guard();
  const temporary = `${path}.new`;
  await mkdir(join(path, '..'), { recursive: true });
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o600);
  await file.truncate(sizeMiB * 2 ** 20);
  await file.close();
  await prepare(temporary);
  await rename(temporary, path);
}

function formatDisk(home: LocalHome, path: string): Promise<string> {
  // No blocks reserved for root (all is root's), inode tables written by the kernel later: 30 ms whatever the size.
  const lazy = 'lazy_itable_init=1,lazy_journal_init=1,nodiscard';
  return runOrFail(home.run, ['mkfs.ext4', '-q', '-F', '-m', '0', '-E', lazy, path]);
}
