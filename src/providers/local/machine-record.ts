import { chmod, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateMachine, MachineMark, MachineSize } from '../../engine/ports/provider.js';
import type { Digest, MachineId } from '../../errors/ids.js';
import { hasErrorCode, isThere, readIfThere } from './file-facts.js';
import { machineFolder, type LocalHome } from './local-home.js';

/** What is known of a machine on disk (`mark.json`): its mark, and all that starting it again takes. No secret. */
export interface MachineRecord {
  readonly formatVersion: 1;
  readonly mark: MachineMark;
  readonly template: Digest;
  readonly size: MachineSize;
  readonly swapMiB: number;
  readonly dataDisksGiB: readonly number[];
  readonly hostName: string;
  readonly addresses: readonly string[];
  readonly hostKeyPublic: string;
}

/** The record of a machine that is asked for. */
export function machineRecord(request: CreateMachine): MachineRecord {
  return {
    formatVersion: 1,
    mark: request.mark,
    template: request.template,
    size: request.size,
    swapMiB: request.swapMiB,
    dataDisksGiB: request.dataDisksGiB,
    hostName: request.guestData.hostName,
    addresses: request.guestData.networks.map((network) => network.address),
    hostKeyPublic: request.guestData.hostKey.publicOpenSsh,
  };
}

/** Whether two records mean the same machine; the epoch is the creating operation's, and a resumed one has a later one. */
export function isSameMachine(a: MachineRecord, b: MachineRecord): boolean {
  const comparable = (record: MachineRecord) => JSON.stringify({ ...record, mark: { ...record.mark, epoch: 0 } });
  return comparable(a) === comparable(b);
}

/** The record of a machine; undefined when there is none, or its file is damaged (then it is an orphan). */
export async function readMachineRecord(home: LocalHome, machineId: MachineId): Promise<MachineRecord | undefined> {
  const text = await readIfThere(machineFolder(home, machineId).record);
  return text === undefined ? undefined : parseRecord(text, machineId);
}

/** Whether the machine was created whole. */
export async function isComplete(home: LocalHome, machineId: MachineId): Promise<boolean> {
  return isThere(machineFolder(home, machineId).complete);
}

/** Records of all machines of this home, in no order. */
export async function readMachineRecords(home: LocalHome): Promise<readonly MachineRecord[]> {
  const records = await Promise.all(
    (await listMachineFolders(home)).map((name) => readMachineRecord(home, name as MachineId)),
  );
  return records.filter((record) => record !== undefined);
}

/** Names of all folders among the machines, those of unfinished or damaged ones included. */
export async function listMachineFolders(home: LocalHome): Promise<readonly string[]> {
  try {
    return await readdir(home.machinesDir);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/**
 * Makes a machine's folder with its record in it. The folder appears whole, under its name, or not at all: a kill leaves
 * at most a folder whose name begins with a dot.
 */
export async function writeMachineRecord(home: LocalHome, record: MachineRecord): Promise<void> {
  const { machineId } = record.mark;
  const temporary = join(home.machinesDir, `.${machineId}`);
  await mkdir(home.machinesDir, { recursive: true, mode: 0o700 });
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { mode: 0o700 });
  await writeDurably(join(temporary, 'mark.json'), record);
  await makeRootFolders(temporary);
  await rename(temporary, machineFolder(home, machineId).path);
}

/** Makes the folders that a machine's root file system is made of, where they are not there. */
export async function makeRootFolders(path: string): Promise<void> {
  for (const name of ['u', 'w']) {
    await mkdir(join(path, name), { recursive: true });
    // This is the mode of the machine's own root folder, whatever the caller's umask is.
    await chmod(join(path, name), 0o755);
  }
}

/** Writes another record over that of a machine that is there; a reader sees the one or the other. */
export async function replaceMachineRecord(home: LocalHome, record: MachineRecord): Promise<void> {
  const { record: path } = machineFolder(home, record.mark.machineId);
  await writeDurably(`${path}.new`, record);
  await rename(`${path}.new`, path);
}

async function writeDurably(path: string, record: MachineRecord): Promise<void> {
  const file = await open(path, 'w', 0o600);
  await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
  await file.sync();
  await file.close();
}

function parseRecord(text: string, machineId: MachineId): MachineRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<MachineRecord> | null;
    return isRecordOf(record, machineId) ? record : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecordOf(record: Partial<MachineRecord> | null, machineId: MachineId): record is MachineRecord {
  return record?.formatVersion === 1 && record.mark?.machineId === machineId;
}
