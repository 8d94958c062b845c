import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Database } from 'better-sqlite3';
import {
  CompiledQuery,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely';
import { retryWhileBusy } from './retry-while-busy.js';
import { nestedError, toStoreError } from './store-errors.js';

/** Marks the code that runs inside a transaction's callback; `open` ends with the transaction. */
export interface TransactionScope {
  open: boolean;
}

/** What the dialect works on. */
export interface StoreFile {
  readonly path: string;
  readonly database: Database;
  readonly scope: AsyncLocalStorage<TransactionScope>;
}

/** Kysely's SQLite dialect for a file that several processes write. */
export class StoreDialect extends SqliteDialect {
  readonly #file: StoreFile;

  constructor(file: StoreFile) {
    super({ database: file.database });
    this.#file = file;
  }

  override createDriver(): Driver {
    return new StoreDriver(this.#file);
  }
}

class StoreDriver extends SqliteDriver {
  readonly #file: StoreFile;

  constructor(file: StoreFile) {
    super({ database: file.database });
    this.#file = file;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#file.scope.getStore()?.open === true) throw nestedError();
    return new PatientConnection(await super.acquireConnection(), this.#file.path);
  }

  /** Takes the write lock at once: a transaction that reads first could not write after another process did. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** SQLite has rolled back by itself after some errors (disk full), and a second time would hide them. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.database.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Waits for other processes, and says what is wrong with the file in our words. */
class PatientConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection;
  readonly #path: string;

  constructor(inner: DatabaseConnection, path: string) {
    this.#inner = inner;
    this.#path = path;
  }

  async executeQuery<Result>(query: CompiledQuery): Promise<QueryResult<Result>> {
    try {
      return await retryWhileBusy(() => this.#inner.executeQuery<Result>(query));
    } catch (error) {
      throw toStoreError(error, this.#path);
    }
  }

  streamQuery<Result>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<Result>> {
    return this.#inner.streamQuery(query, chunkSize);
  }
}
