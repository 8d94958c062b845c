import type { JournalEntry, StepEntry, StepState } from '../engine/ports/store.js';
import { BdeError } from '../errors/bde-error.js';
import type { OperationId } from '../errors/ids.js';
import { fromJson, toJson } from './json-column.js';
import { requireOperation } from './require-row.js';
import type { NewRow, Row, StoreDatabase } from './schema.js';
import { inStatements, withinTransaction } from './within-transaction.js';

/** Writes entries, all or none; the epoch is checked in the transaction that writes, so no take-over comes between. */
export async function appendJournal(db: StoreDatabase, entries: readonly JournalEntry[]): Promise<void> {
  await withinTransaction(db, async (transaction) => {
    for (const [operationId, epoch] of lowestEpochs(entries)) await refuseStale(transaction, operationId, epoch);
    for (const rows of inStatements(entries.map(toRow))) {
      await transaction.insertInto('journal').values(rows).execute();
    }
  });
}

/** The entries of an operation in the order of writing. */
export async function readJournal(db: StoreDatabase, id: OperationId): Promise<readonly JournalEntry[]> {
  const rows = await db.selectFrom('journal').selectAll().where('operation_id', '=', id).orderBy('sequence').execute();
  return rows.map(toEntry);
}

/** The last so many step entries of all operations, in the order of writing. */
export async function readRecentSteps(db: StoreDatabase, limit: number): Promise<readonly StepEntry[]> {
  const steps = db.selectFrom('journal').selectAll().where('type', '=', 'step');
  const rows = await steps.orderBy('sequence', 'desc').limit(limit).execute();
  return rows
    .reverse()
    .map(toEntry)
    .filter((entry) => entry.type === 'step');
}

function lowestEpochs(entries: readonly JournalEntry[]): ReadonlyMap<OperationId, number> {
  const lowest = new Map<OperationId, number>();
  for (const { operationId, epoch } of entries) {
    lowest.set(operationId, Math.min(epoch, lowest.get(operationId) ?? epoch));
  }
  return lowest;
}

/** Operations of the home have no epoch; neither has a cluster that this operation deleted. */
async function refuseStale(db: StoreDatabase, operationId: OperationId, epoch: number): Promise<void> {
  const { clusterId } = await requireOperation(db, operationId);
  if (clusterId === null) return;
  const cluster = await db
    .selectFrom('clusters')
    .select(['name', 'epoch'])
    .where('id', '=', clusterId)
    .executeTakeFirst();
  if (cluster === undefined || cluster.epoch <= epoch) return;
  throw new BdeError(
    'LEASE_LOST',
    `Cluster '${cluster.name}' is at epoch ${cluster.epoch}, this controller holds ${epoch}: another one took over.`,
    {
      hint: `See who works on it: bde operation list ${cluster.name}`,
      subject: { cluster: cluster.name },
      data: { epoch, clusterEpoch: cluster.epoch },
    },
  );
}

function toRow(entry: JournalEntry): NewRow<'journal'> {
  const { epoch, at, type } = entry;
  const head = { operation_id: entry.operationId, step_id: entry.stepId, epoch, at, type };
  switch (entry.type) {
    case 'intent':
      return { ...head, subject: entry.effect, body_json: toJson(entry.ref) };
    case 'result':
      return { ...head, subject: entry.effect, body_json: toJson(entry.result) };
    case 'step':
      return { ...head, subject: entry.state, body_json: toJson(entry.detail) };
  }
}

function toEntry(row: Row<'journal'>): JournalEntry {
  const { epoch, at, type, subject } = row;
  const head = { operationId: row.operation_id, stepId: row.step_id, epoch, at };
  const body = fromJson(row.body_json);
  switch (type) {
    case 'intent':
      return { ...head, type, effect: subject, ref: body };
    case 'result':
      return { ...head, type, effect: subject, result: body };
    case 'step':
      return { ...head, type, state: subject as StepState, detail: body };
  }
}
