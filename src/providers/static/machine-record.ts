import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineMark } from '../../engine/ports/provider.js';
import type { ClusterId, MachineId } from '../../errors/ids.js';
import type { StaticSite } from './static-site.js';

/** Our own word on a lease: there before the host's, gone after it. */
export interface MachineRecord {
  readonly formatVersion: 1;
  readonly mark: MachineMark;
  readonly address: string;
}

/** Records of all leases of this home, in no order. */
export async function readMachineRecords(site: StaticSite, clusterId?: ClusterId): Promise<readonly MachineRecord[]> {
  const names = await readdir(site.folder).catch(ignoreAbsence);
  const files = (names ?? []).filter((name) => name.endsWith('.json'));
  const records = await Promise.all(files.map((name) => readRecord(join(site.folder, name))));
  return records
    .filter((record) => record !== undefined)
    .filter(({ mark }) => clusterId === undefined || mark.clusterId === clusterId);
}

/** Writes a record; it appears whole. */
export async function writeMachineRecord(site: StaticSite, record: MachineRecord): Promise<void> {
  const path = recordPath(site, record.mark.machineId);
  const temporary = `${path}.${process.pid}`;
  await mkdir(site.folder, { recursive: true, mode: 0o700 });
  const file = await open(temporary, 'w', 0o600);
  await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
  await file.sync();
  await file.close();
  await rename(temporary, path);
}

/** Forgets a lease; done where none is recorded. */
export async function removeMachineRecord(site: StaticSite, machineId: MachineId): Promise<void> {
  await rm(recordPath(site, machineId), { force: true });
}

/** Where the record of a lease is. */
export function recordPath({ folder }: StaticSite, machineId: MachineId): string {
  return join(folder, `${machineId}.json`);
}

async function readRecord(path: string): Promise<MachineRecord | undefined> {
  const text = await readFile(path, 'utf8').catch(ignoreAbsence);
  return text === undefined ? undefined : (JSON.parse(text) as MachineRecord);
}

function ignoreAbsence(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
