import type { Database } from 'better-sqlite3';
import { BdeError } from '../errors/bde-error.js';
import { MIGRATIONS, STORE_FORMAT_VERSION } from './migrations.js';

/** Tells our files from other programs' (`file` shows it): "bde1" in ASCII. */
const APPLICATION_ID = 0x62646531;

/**
 * Brings the file to this bde's format version, which is SQLite's `user_version`. Each step is one transaction, and who
 * lost the race to it finds nothing left to do.
 *
 * @throws BdeError `STATE_INVALID` when a newer bde wrote the file, or another program
 */
export function migrateStore(database: Database, path: string): void {
  if (readVersion(database, path) === STORE_FORMAT_VERSION) return;
  database
    .transaction(() => {
      for (const migration of MIGRATIONS.slice(readVersion(database, path))) database.exec(migration);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${STORE_FORMAT_VERSION}`);
    })
    .immediate();
}

function readVersion(database: Database, path: string): number {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (!isOurs(database, version)) throw foreignFile(path);
  if (version > STORE_FORMAT_VERSION) throw newerFormat(path, version);
  return version;
}

/** A new file has neither version nor tables. */
function isOurs(database: Database, version: number): boolean {
  if (Number(database.pragma('application_id', { simple: true })) === APPLICATION_ID) return true;
  return version === 0 && database.prepare('select 1 from sqlite_master limit 1').get() === undefined;
}

function foreignFile(path: string): BdeError {
  return new BdeError('STATE_INVALID', `${path} is a database of another program, not a bde store.`, {
    hint: 'Point BDE_HOME at a folder that holds no such file.',
    subject: { file: path },
  });
}

function newerFormat(path: string, version: number): BdeError {
  return new BdeError(
    'STATE_INVALID',
    `The store ${path} has format version ${version}, and this bde knows versions up to ${STORE_FORMAT_VERSION}.`,
    {
      hint: 'Use the newer bde that wrote it, or point BDE_HOME at another folder.',
      subject: { file: path },
      data: { formatVersion: version, knownFormatVersion: STORE_FORMAT_VERSION },
    },
  );
}
