import type { JournalData } from '../journal.js';
import type { ChangeOrder, DataOrder } from '../operations/change-request.js';
import type { BackupDraft } from '../ports/backups.js';
import type { ClusterContext } from '../context.js';

/** What an operation was asked to take, or to put back. */
export function dataOrderOf<Type extends DataOrder['type']>(request: JournalData, type: Type): OrderOf<Type> {
  const { data } = request as unknown as ChangeOrder;
  if (data?.type !== type) throw new TypeError(`the operation was recorded without what its ${type} is of`);
  return data as OrderOf<Type>;
}

type OrderOf<Type> = Extract<DataOrder, { readonly type: Type }>;

/** The backup that the operation makes: it bears the operation's id. */
export function draftOf({ operation, cluster }: Pick<ClusterContext, 'operation' | 'cluster'>): BackupDraft {
  return { folder: dataOrderOf(operation.request, 'backup').folder, clusterId: cluster.id, id: operation.id };
}
