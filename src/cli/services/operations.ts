import { BdeError } from '../../errors/bde-error.js';
import type { OperationId } from '../../errors/ids.js';
import { foldJournal } from '../../engine/journal.js';
import type { ChangeOrder } from '../../engine/operations/change-request.js';
import { recordedPlan } from '../../engine/operations/run-operation.js';
import type { OperationRecord } from '../../engine/ports/store.js';
import { quoteText } from '../../spec/document/quote-source.js';
import { describeOperation, type OperationDescription } from './describe-operation.js';
import { standingOperation } from './standing-operation.js';
import { withStore } from './with-store.js';

/** One line of `bde operation list`. */
export interface OperationLine extends OperationDescription {
  readonly cluster: string | null;
  readonly user: string;
  readonly host: string;
  /** The operation that this one rolls back by itself; null for any other. */
  readonly undoes: string | null;
  /** The rollback that followed this one; null where none did. */
  readonly undoneBy: string | null;
}

/** `bde operation show`; `formatVersion` 1. */
export interface OperationDetail extends OperationLine {
  readonly formatVersion: 1;
  readonly request: Readonly<Record<string, unknown>>;
  /** In the order of the plan; empty where it was never planned. */
  readonly steps: readonly {
    readonly id: string;
    readonly kind: string;
    readonly state: string;
    readonly why: string;
    readonly detail: unknown;
  }[];
}

/** Every operation of this home, newest first. */
export function listOperations(): Promise<readonly OperationLine[]> {
  return withStore(async (store) => {
    const operations = await store.operations.list();
    const undone = undoneBy(operations);
    return Promise.all(operations.map(async (operation) => toLine(await standingOperation(operation, store), undone)));
  });
}

/**
 * One operation with the state of each step, folded from its journal.
 *
 * @throws BdeError `UNKNOWN_OPERATION`
 */
export function showOperation(id: string): Promise<OperationDetail> {
  return withStore(async (store) => {
    const stored = await store.operations.byId(id as OperationId);
    if (stored === undefined) throw unknownOperation(id);
    const operation = await standingOperation(stored, store);
    const plan = await recordedPlan({ store }, operation);
    const histories = foldJournal(await store.operations.journal(operation.id));
    const steps = (plan?.steps ?? []).map((step) => {
      const history = histories.get(step.id);
      const state =
        operation.state !== 'running' && history?.state === 'running' ? 'unknown' : (history?.state ?? 'pending');
      return { id: step.id, kind: step.kind, state, why: step.why, detail: history?.detail ?? {} };
    });
    const undone = undoneBy(await store.operations.list(operation.clusterId ?? undefined));
    return { formatVersion: 1, ...toLine(operation, undone), request: operation.request, steps };
  });
}

function toLine(operation: OperationRecord, undone: ReadonlyMap<string, string>): OperationLine {
  const { clusterName, user, host } = operation;
  const links = { undoes: undoesOf(operation), undoneBy: undone.get(operation.id) ?? null };
  return { ...describeOperation(operation), cluster: clusterName, user, host, ...links };
}

/** Which rollback followed an operation, by the operation's id. */
function undoneBy(operations: readonly OperationRecord[]): ReadonlyMap<string, string> {
  return new Map(
    operations.flatMap((operation) => {
      const undoes = undoesOf(operation);
      return undoes === null ? [] : [[undoes, operation.id] as const];
    }),
  );
}

function undoesOf({ request }: OperationRecord): string | null {
  return (request as Partial<ChangeOrder>).undoes ?? null;
}

function unknownOperation(id: string): BdeError {
  return new BdeError('UNKNOWN_OPERATION', `There is no operation ${/^\w{1,48}$/.test(id) ? id : quoteText(id)}.`, {
    hint: 'See which there are with bde operation list.',
  });
}
