import type { JournalData } from '../journal.js';
import type { BackupOrder, ChangeOrder, RestoreOrder } from '../operations/change-request.js';
import type { BackupDraft } from '../ports/backups.js';
import type { ClusterContext } from '../context.js';

/** What the operation was asked to take. */
export function backupOrderOf(request: JournalData): BackupOrder {
  const { data } = request as unknown as ChangeOrder;
  if (data?.type !== 'backup') throw new TypeError('the operation was recorded without what it takes');
  return data;
}

/** What the operation was asked to put back. */
export function restoreOrderOf(request: JournalData): RestoreOrder {
  const { data } = request as unknown as ChangeOrder;
  if (data?.type !== 'restore') throw new TypeError('the operation was recorded without what it restores');
  return data;
}

/** The backup that the operation makes: it bears the operation's id. */
export function draftOf({ operation, cluster }: Pick<ClusterContext, 'operation' | 'cluster'>): BackupDraft {
  return { folder: backupOrderOf(operation.request).folder, clusterId: cluster.id, id: operation.id };
}
