import { AsyncLocalStorage } from 'node:async_hooks';
import Sqlite, { type Database } from 'better-sqlite3';
import { Kysely, SqliteDialect, SqliteDriver, type DatabaseConnection } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupWrites, type PerformWrite } from '../../../src/store/group-writes.js';
import type { StoreDatabase, StoreSchema } from '../../../src/store/schema.js';
import type { TransactionScope } from '../../../src/store/store-dialect.js';

/** Counts the commits: each is a wait for the disk. */
class CountingDialect extends SqliteDialect {
  readonly #database: Database;
  commits = 0;

  constructor(database: Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    const count = (): void => void (this.commits += 1);
    return new (class extends SqliteDriver {
      override async commitTransaction(connection: DatabaseConnection): Promise<void> {
        await super.commitTransaction(connection);
        count();
      }
    })({ database: this.#database });
  }
}

let database: Database;
let dialect: CountingDialect;
let scope: AsyncLocalStorage<TransactionScope>;
let write: PerformWrite;

beforeEach(() => {
  database = new Sqlite(':memory:');
  database.exec('create table home (key text primary key, value_json text not null) strict');
  dialect = new CountingDialect(database);
  scope = new AsyncLocalStorage();
  write = groupWrites(new Kysely<StoreSchema>({ dialect }), scope);
});
afterEach(() => {
  database.close();
});

const put = (key: string) => async (transaction: StoreDatabase) => {
  await transaction.insertInto('home').values({ key, value_json: '1' }).execute();
  return key;
};

function keys(): readonly unknown[] {
  return database.prepare('select key from home order by key').pluck().all();
}

describe('groupWrites', () => {
  it('commits what one turn of the event loop asks for once', async () => {
    const results = await Promise.all(['a', 'b', 'c'].map((key) => write(put(key))));

    expect(results).toEqual(['a', 'b', 'c']);
    expect(keys()).toEqual(['a', 'b', 'c']);
    expect(dialect.commits).toBe(1);
  });

  it('commits what comes while others are written in one more', async () => {
    const first = write(async (transaction) => {
      const later = ['b', 'c'].map((key) => scope.exit(() => write(put(key))));
      await put('a')(transaction);
      return later;
    });

    await Promise.all(await first);

    expect(keys()).toEqual(['a', 'b', 'c']);
    expect(dialect.commits).toBe(2);
  });

  it('undoes a write that fails, and keeps the others', async () => {
    const failing = write(async (transaction) => {
      await put('b')(transaction);
      throw new Error('not so');
    });

    const [a, b, c] = await Promise.allSettled([write(put('a')), failing, write(put('c'))]);

    expect([a.status, b.status, c.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(failing).rejects.toThrow('not so');
    expect(keys()).toEqual(['a', 'c']);
  });

  it('fails all of a group whose commit fails', async () => {
    const breaking = write(async (transaction) => {
      await put('a')(transaction);
      database.exec('rollback');
    });

    const outcomes = await Promise.allSettled([breaking, write(put('b'))]);

    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    expect(keys()).toEqual([]);
  });

  it('goes on after a group that failed', async () => {
    const broken = write(() => Promise.reject(new Error('no')));
    await expect(broken).rejects.toThrow('no');

    await write(put('a'));

    expect(keys()).toEqual(['a']);
  });

  it('refuses a write from within an open transaction', async () => {
    const nested = scope.run({ open: true }, () => write(put('a')));

    await expect(nested).rejects.toThrow('A transaction uses the tables it is given');
    expect(keys()).toEqual([]);
  });
});
