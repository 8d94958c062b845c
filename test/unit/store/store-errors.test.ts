import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { toStoreError } from '../../../src/store/store-errors.js';

const { SqliteError } = Sqlite;
const FILE = '/home/me/bde.db';

describe('toStoreError', () => {
  it('calls a corrupt file damaged and says how to go on', () => {
    const error = toStoreError(new SqliteError('database disk image is malformed', 'SQLITE_CORRUPT_VTAB'), FILE);

    expect(error).toMatchObject({
      code: 'STATE_INVALID',
      message: 'The store /home/me/bde.db is damaged: database disk image is malformed.',
      hint: 'Stop every bde process, then restore /home/me/bde.db from a backup (remove its -wal and -shm files with it), or move all three aside to begin anew.',
      exitCode: 9,
    });
  });

  it('names who to look for when another process keeps the lock', () => {
    const error = toStoreError(new SqliteError('database is locked', 'SQLITE_BUSY'), FILE);

    expect(error).toMatchObject({
      code: 'STORE_UNUSABLE',
      hint: 'Run the command again once the other bde process is done: fuser /home/me/bde.db names it.',
    });
  });

  it('points at owner and mode where the system says no', () => {
    const error = toStoreError(new SqliteError('attempt to write a readonly database', 'SQLITE_READONLY'), FILE);

    expect(error).toMatchObject({
      code: 'STORE_UNUSABLE',
      hint: 'Check owner, mode and disk of /home/me/bde.db, or set BDE_HOME to a folder you own.',
    });
  });

  it('keeps broken constraints and foreign errors as they are', () => {
    const constraint = new SqliteError('UNIQUE constraint failed', 'SQLITE_CONSTRAINT_UNIQUE');
    const foreign = new TypeError('no');

    expect(toStoreError(constraint, FILE)).toBe(constraint);
    expect(toStoreError(foreign, FILE)).toBe(foreign);
  });
});
