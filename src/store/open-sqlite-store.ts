import { AsyncLocalStorage } from 'node:async_hooks';
import Sqlite, { type Database } from 'better-sqlite3';
import { Kysely } from 'kysely';
import type { Store, StoreTables } from '../engine/ports/store.js';
import { createBlobTable } from './blob-table.js';
import { createClusterTable } from './cluster-table.js';
import { createEventTable } from './event-table.js';
import { createFactTable } from './fact-table.js';
import { groupWrites, withinOpen, type PerformWrite } from './group-writes.js';
import { createHomeTable } from './home-table.js';
import { createLeaseTable } from './lease-table.js';
import { migrateStore } from './migrate-store.js';
import { createNodeTable } from './node-table.js';
import { createOperationTable } from './operation-table.js';
import { prepareStoreFile } from './prepare-store-file.js';
import { retryWhileBusy } from './retry-while-busy.js';
import type { StoreDatabase, StoreSchema } from './schema.js';
import { createSecretTable } from './secret-table.js';
import { StoreDialect, type StoreFile, type TransactionScope } from './store-dialect.js';
import { toStoreError } from './store-errors.js';

/** SQLite's own wait, which blocks the event loop: short, for `retryWhileBusy` does the long ones. */
const BUSY_TIMEOUT_MS = 20;

/**
 * The store in the file at `path`, made (0600, its folder 0700) and brought to this version's format where needed.
 * Several processes may have it open at once.
 *
 * @throws BdeError `STATE_INVALID` for a damaged file, a file of another program, or one that a newer bde wrote;
 *   `STORE_UNUSABLE` where the system refuses it or another process keeps it locked
 */
export async function openSqliteStore(path: string): Promise<Store> {
  prepareStoreFile(path);
  const database = await openDatabase(path);
  return createStore({ path, database, scope: new AsyncLocalStorage<TransactionScope>() });
}

async function openDatabase(path: string): Promise<Database> {
  let database: Database | undefined;
  try {
    database = new Sqlite(path, { timeout: BUSY_TIMEOUT_MS });
    const opened = database;
    await retryWhileBusy(() => configure(opened));
    await retryWhileBusy(() => migrateStore(opened, path));
    return opened;
  } catch (error) {
    database?.close();
    throw toStoreError(error, path);
  }
}

/** FULL syncs the log at each commit: what a resolved promise said survives a power cut, not only a kill. */
function configure(database: Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
}

function createStore(file: StoreFile): Store {
  const db: StoreDatabase = new Kysely<StoreSchema>({ dialect: new StoreDialect(file) });
  const write = groupWrites(db, file.scope);
  return {
    ...createTables(db, write),
    transaction: (work) => runTransaction(write, file, work),
    close: async () => {
      await db.destroy();
      // Kysely closes only what it has used.
      file.database.close();
      // A scope that stays would go on marking each promise of the process.
      file.scope.disable();
    },
  };
}

async function runTransaction<Result>(
  write: PerformWrite,
  file: StoreFile,
  work: (tables: StoreTables) => Promise<Result>,
): Promise<Result> {
  return write((transaction) => {
    const scope: TransactionScope = { open: true };
    return file.scope
      .run(scope, () => work(createTables(transaction, withinOpen(transaction))))
      .finally(() => {
        scope.open = false;
      });
  });
}

function createTables(db: StoreDatabase, write: PerformWrite): StoreTables {
  return {
    clusters: createClusterTable(db),
    nodes: createNodeTable(db),
    operations: createOperationTable(db, write),
    blobs: createBlobTable(db),
    events: createEventTable(db, write),
    facts: createFactTable(db),
    secrets: createSecretTable(db, write),
    leases: createLeaseTable(db),
    home: createHomeTable(db),
  };
}
