import { emitEvent, type EngineDependencies } from '../context.js';
import type { ClusterRecord, OperationRecord } from '../ports/store.js';

/** Kind of the events that say what an import could not restore. */
export const LOSS_EVENT = 'not-restored';

/** Says what an import could not restore. */
export async function tellLoss(
  deps: EngineDependencies,
  owner: { readonly cluster: Pick<ClusterRecord, 'id'>; readonly operation: Pick<OperationRecord, 'id'> },
  text: string,
): Promise<void> {
  await emitEvent(deps, { kind: LOSS_EVENT, clusterId: owner.cluster.id, operationId: owner.operation.id, text });
}

/** What an import could not restore: what was known when it began, then what it found; one sentence each. */
export async function readLosses(
  { store }: Pick<EngineDependencies, 'store'>,
  operation: OperationRecord,
): Promise<readonly string[]> {
  const { notes = [] } = operation.request as { readonly notes?: readonly string[] };
  const events = await store.events.list({ operationId: operation.id });
  const told = events.filter(({ kind }) => kind === LOSS_EVENT).map(({ text }) => text);
  return [...new Set([...notes, ...told])];
}
