import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { retryWhileBusy } from '../../../src/store/retry-while-busy.js';

const { SqliteError } = Sqlite;

describe('retryWhileBusy', () => {
  it('tries again until the file is free', async () => {
    let tries = 0;

    const result = await retryWhileBusy(() => {
      tries += 1;
      if (tries < 4) throw new SqliteError('database is locked', 'SQLITE_BUSY');
      return 'written';
    });

    expect([result, tries]).toEqual(['written', 4]);
  });

  it('counts every kind of busy as busy', async () => {
    let tries = 0;

    await retryWhileBusy(() => {
      tries += 1;
      if (tries < 2) throw new SqliteError('database is locked', 'SQLITE_BUSY_RECOVERY');
    });

    expect(tries).toBe(2);
  });

  it('gives up with the last error when its patience ends', async () => {
    const busy = new SqliteError('database is locked', 'SQLITE_BUSY');

    const retrying = retryWhileBusy(() => Promise.reject(busy), 5);

    await expect(retrying).rejects.toBe(busy);
  });

  it('lets any other error through at once', async () => {
    let tries = 0;
    const retrying = retryWhileBusy(() => {
      tries += 1;
      throw new SqliteError('disk I/O error', 'SQLITE_IOERR');
    });

    await expect(retrying).rejects.toThrow('disk I/O error');
    expect(tries).toBe(1);
  });
});
