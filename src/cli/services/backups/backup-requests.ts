import { join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { backupRequest, restoreRequest } from '../../../engine/operations/data-requests.js';
import type { EngineDependencies } from '../../../engine/context.js';
import type { FoundBackup } from '../../../engine/ports/backups.js';
import type { ClusterRecord } from '../../../engine/ports/store.js';
import { BdeError } from '../../../errors/bde-error.js';
import { homePaths } from '../../paths.js';
import type { MakeRequest } from '../change-cluster.js';

/** Data of roles, to be taken to a folder; without one to that of the cluster in this home. */
export function backupOf(order: { readonly role: string | undefined; readonly to: string | undefined }): MakeRequest {
  const { role, to } = order;
  return (cluster, deps) => {
    const folder = to === undefined ? join(homePaths().backups, cluster.name) : resolve(to);
    return backupRequest({ role, folder }, cluster, deps);
  };
}

/** Which backup is to be restored, and what of it. */
export interface RestoreFlags {
  readonly role: string | undefined;
  /** An id, or the folder of a backup; undefined: the newest of the cluster in this home. */
  readonly from: string | undefined;
  readonly acceptsOther: boolean;
}

/** Data of roles, to be replaced by that of a backup. */
export function restoreOf({ role, from, acceptsOther }: RestoreFlags): MakeRequest {
  return async (cluster, deps) => {
    const backup = await findBackup(from, cluster, deps);
    return restoreRequest({ role, backup, acceptsOther }, cluster, deps);
  };
}

async function findBackup(
  from: string | undefined,
  cluster: ClusterRecord,
  { backups }: EngineDependencies,
): Promise<FoundBackup> {
  if (from !== undefined && (from.includes('/') || existsSync(from))) {
    const folder = resolve(from);
    return { folder, manifest: await backups.read(folder) };
  }
  const kept = await backups.list(homePaths().backups);
  const found =
    from === undefined
      ? kept.find(({ manifest }) => manifest.cluster.id === cluster.id)
      : kept.find(({ manifest }) => manifest.id === from);
  if (found !== undefined) return found;
  const what = from === undefined ? `of ${cluster.name}` : `with the id ${from}`;
  throw new BdeError('UNKNOWN_BACKUP', `This home has no backup ${what}.`, {
    subject: { cluster: cluster.name },
    hint: 'See which there are with bde cluster backups, or name the folder of one: --from DIR.',
  });
}
