import tables from './migrations/0001-tables.sql';
import life from './migrations/0002-life.sql';
import recordLeft from './migrations/0003-record-left.sql';
import secrets from './migrations/0004-secrets.sql';

/**
 * What takes a store from each format version to the next: the first statement list makes version 1 of an empty file.
 * Append only: a list that was released is never edited.
 *
 * This is SQLite's DDL (`strict`, `autoincrement`); another database brings its own. The queries are shared.
 */
export const MIGRATIONS: readonly string[] = [tables, life, recordLeft, secrets];

/** The version that this bde writes. */
export const STORE_FORMAT_VERSION = MIGRATIONS.length;
