import Sqlite from 'better-sqlite3';
import { toStoreError } from './store-errors.js';

/**
 * Copies the store in the file at `path` as it is at one moment, while others read and write it, into the new file `to`.
 *
 * @throws BdeError `STORE_UNUSABLE`, `STATE_INVALID`
 */
export async function backupStore(path: string, to: string): Promise<void> {
  try {
    const database = new Sqlite(path, { readonly: true, fileMustExist: true });
    try {
      await database.backup(to);
    } finally {
      database.close();
    }
  } catch (error) {
    throw toStoreError(error, path);
  }
}
