import { resolve } from 'node:path';
import type { BackupArchive, FoundBackup } from '../../../engine/ports/backups.js';
import { homePaths } from '../../paths.js';
import { openBackups, openExistingSealer } from '../../wire.js';

/** A backup as `cluster backups` tells of it. */
export interface BackupDescription {
  readonly id: string;
  readonly cluster: { readonly id: string; readonly name: string };
  /** ISO 8601; what was written before is in it. */
  readonly takenAt: string;
  readonly distro: string;
  readonly folder: string;
  readonly archives: readonly Pick<
    BackupArchive,
    'role' | 'scope' | 'node' | 'file' | 'bytes' | 'sha256' | 'packages'
  >[];
}

/** `formatVersion` 1 of `bde cluster backups --json`. */
export interface BackupList {
  readonly formatVersion: 1;
  readonly backups: readonly BackupDescription[];
}

/** Whole backups in a folder, without one those of this home, newest first; of one cluster where it is named. */
export async function listBackups(order: {
  readonly cluster: string | undefined;
  readonly folder: string | undefined;
}): Promise<BackupList> {
  const { cluster, folder } = order;
  const backups = await openBackups(await openExistingSealer());
  const found = await backups.list(folder === undefined ? homePaths().backups : resolve(folder));
  const asked = found.filter(({ manifest }) => cluster === undefined || manifest.cluster.name === cluster);
  return { formatVersion: 1, backups: asked.map(describeBackup) };
}

/** A backup, for people and for `--json`. */
export function describeBackup({ folder, manifest }: FoundBackup): BackupDescription {
  const { id, cluster, takenAt, distro, archives } = manifest;
  return {
    id,
    cluster,
    takenAt: new Date(takenAt).toISOString(),
    distro,
    folder,
    archives: archives.map(({ role, scope, node, file, bytes, sha256, packages }) => ({
      ...{ role, scope, node, file, bytes, sha256, packages },
    })),
  };
}
