import type { RunLine } from '../../cookbook/parse-run-line.js';
import type { RunEnd } from '../../engine/ports/nodes.js';
import type { JournalEntry, Store } from '../../engine/ports/store.js';
import { findCluster } from './find-cluster.js';
import { withStore } from './with-store.js';

/** What one run on a node reported. */
export interface RunLog {
  readonly at: string;
  readonly stepId: string;
  readonly end: RunEnd;
  readonly lines: readonly RunLine[];
}

/** Every run of a cluster's operations, oldest first; of one node where it is named. */
export function readLogs(name: string, node: string | undefined): Promise<readonly RunLog[]> {
  return withStore(async (store) => {
    const cluster = await findCluster(store, name);
    const operations = (await store.operations.list(cluster.id)).toReversed();
    const logs: RunLog[] = [];
    for (const operation of operations) logs.push(...(await runsOf(store, operation.id, node)));
    return logs;
  });
}

async function runsOf(
  store: Store,
  operationId: JournalEntry['operationId'],
  node: string | undefined,
): Promise<readonly RunLog[]> {
  const entries = await store.operations.journal(operationId);
  return entries.flatMap((entry) => {
    if (entry.type !== 'result' || entry.effect !== 'run') return [];
    if (node !== undefined && entry.stepId.split('/')[1] !== node) return [];
    const { end, lines } = entry.result as { readonly end: RunEnd; readonly lines: readonly RunLine[] };
    return [{ at: new Date(entry.at).toISOString(), stepId: entry.stepId, end, lines }];
  });
}
