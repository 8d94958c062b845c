import { SqliteError } from 'better-sqlite3';
import { BdeError } from '../errors/bde-error.js';

/** True where another process or handle has the file locked: worth another try. */
export function isBusy(error: unknown): boolean {
  return error instanceof SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/**
 * What SQLite said about the file itself, as one of our errors; anything else (a broken constraint is a bug of ours)
 * comes back as it is.
 */
export function toStoreError(error: unknown, path: string): unknown {
  if (!(error instanceof SqliteError)) return error;
  const family = error.code.split('_').slice(0, 2).join('_');
  switch (family) {
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return damagedStore(path, error);
    case 'SQLITE_BUSY':
    case 'SQLITE_FULL':
    case 'SQLITE_IOERR':
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_PERM':
      return unusableStore(path, error);
    default:
      return error;
  }
}

function damagedStore(path: string, cause: Error): BdeError {
  return new BdeError('STATE_INVALID', `The store ${path} is damaged: ${cause.message}.`, {
    hint: `Stop every bde process, then restore ${path} from a backup (remove its -wal and -shm files with it), or move all three aside to begin anew.`,
    subject: { file: path },
    cause,
  });
}

const WAYS_OUT: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'Run the command again once the other bde process is done: fuser PATH names it.',
  SQLITE_FULL: 'Free space on the disk that holds PATH, then run the command again.',
};

/** The system's own reason, e.g. ENOSPC where the folder could not be made, or SQLite's. */
export function unusableStore(path: string, cause: Error & { readonly code?: string }): BdeError {
  const hint = WAYS_OUT[cause.code ?? ''] ?? 'Check owner, mode and disk of PATH, or set BDE_HOME to a folder you own.';
  return new BdeError('STORE_UNUSABLE', `The store ${path} cannot be used: ${cause.message}.`, {
    hint: hint.replace('PATH', path),
    subject: { file: path },
    cause,
  });
}

/** There is one connection: who waits for it inside of the transaction that holds it would wait for ever. */
export function nestedError(): Error {
  return new Error('A transaction uses the tables it is given: neither the store itself nor a second transaction.');
}
