import type { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'kysely';
import type { StoreDatabase } from './schema.js';
import type { TransactionScope } from './store-dialect.js';
import { nestedError } from './store-errors.js';

/** Performs one write, all of it or nothing; resolves once it is on disk. */
export type PerformWrite = <Result>(work: (transaction: StoreDatabase) => Promise<Result>) => Promise<Result>;

/** A write that waits for its turn. */
interface PendingWrite {
  /** Within the open transaction. What it rejects with ends the whole transaction. */
  perform(transaction: StoreDatabase): Promise<void>;
  /** The transaction is on disk: tells the caller how its own part ended. */
  settle(): void;
  fail(error: unknown): void;
}

/**
 * Writes that are asked for in one turn of the event loop, or while others are being written, share a transaction. Each
 * commit waits for the disk, and all of this process with it: twenty nodes that move on at once shall not wait twenty times.
 * A savepoint for each keeps one that fails from the others.
 */
export function groupWrites(db: StoreDatabase, scope: AsyncLocalStorage<TransactionScope>): PerformWrite {
  let waiting: PendingWrite[] = [];
  let isWriting = false;

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await writeGroup(db, group);
    }
    isWriting = false;
  };

  return (work) => {
    if (scope.getStore()?.open === true) return Promise.reject(nestedError());
    return new Promise((resolve, reject) => {
      waiting.push(pendingWrite(work, resolve, reject));
      if (isWriting) return;
      isWriting = true;
      // What the writer does is no part of the caller's own transaction, if it had one.
      scope.run({ open: false }, () => setImmediate(() => void writeAll()));
    });
  };
}

/** The writes of a transaction that is open anyway. */
export function withinOpen(transaction: StoreDatabase): PerformWrite {
  return (work) => work(transaction);
}

async function writeGroup(db: StoreDatabase, group: readonly PendingWrite[]): Promise<void> {
  try {
    await db.transaction().execute(async (transaction) => {
      for (const write of group) await write.perform(transaction);
    });
  } catch (error) {
    for (const write of group) write.fail(error);
    return;
  }
  for (const write of group) write.settle();
}

function pendingWrite<Result>(
  work: (transaction: StoreDatabase) => Promise<Result>,
  resolve: (result: Result) => void,
  reject: (error: unknown) => void,
): PendingWrite {
  let settle = (): void => undefined;
  return {
    async perform(transaction) {
      await sql`savepoint one_write`.execute(transaction);
      try {
        const result = await work(transaction);
        settle = () => resolve(result);
      } catch (error) {
        // Fails where SQLite has rolled back all by itself (disk full): then nobody's write is there.
        await sql`rollback to one_write`.execute(transaction).catch(() => Promise.reject(error as Error));
        settle = () => reject(error);
      }
      await sql`release one_write`.execute(transaction);
    },
    settle: () => settle(),
    fail: reject,
  };
}
