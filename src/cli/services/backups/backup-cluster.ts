import { join } from 'node:path';
import { dataOrderOf } from '../../../engine/backups/data-order.js';
import { change, type ChangeManner, type ChangePreview } from '../change-cluster.js';
import type { OperationReport } from '../run-cluster-operation.js';
import type { Surroundings } from '../with-engine.js';
import { withStore } from '../with-store.js';
import { findCluster } from '../find-cluster.js';
import { openBackups, openExistingSealer } from '../../wire.js';
import { renderBackup } from '../../render-backups.js';
import { backupOf } from './backup-requests.js';
import { describeBackup, type BackupDescription } from './list-backups.js';

/** A backup that was taken: what every operation reports, and the backup. */
export interface BackupReport {
  readonly lines: readonly string[];
  readonly json: OperationReport['json'] & { readonly backup: BackupDescription };
}

/** Takes a backup of a cluster, or shows how that would go. */
export async function backUpCluster(
  name: string,
  order: { readonly role: string | undefined; readonly to: string | undefined },
  given: Surroundings & ChangeManner,
): Promise<ChangePreview | BackupReport> {
  const report = await change(name, backupOf(order), given);
  if ('plan' in report.json) return report as ChangePreview;
  const backup = await newestBackup(name);
  const operated = report as OperationReport;
  return { lines: [...renderBackup(backup), '', ...operated.lines], json: { ...operated.json, backup } };
}

/** The one that the cluster's last operation made. */
async function newestBackup(name: string): Promise<BackupDescription> {
  const folder = await withStore(async (store) => {
    const operation = await store.operations.newest((await findCluster(store, name)).id);
    if (operation === undefined) throw new TypeError(`the backup of ${name} is no operation of it`);
    return join(dataOrderOf(operation.request, 'backup').folder, operation.id);
  });
  const backups = await openBackups(await openExistingSealer());
  return describeBackup({ folder, manifest: await backups.read(folder) });
}
