import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { unusableStore } from './store-errors.js';

/**
 * Makes the folder (0700) and an empty file (0600) where they are not there; SQLite gives its -wal and -shm files the
 * file's own mode.
 *
 * @throws BdeError `STORE_UNUSABLE`
 */
export function prepareStoreFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  } catch (error) {
    throw error instanceof Error ? unusableStore(path, error) : error;
  }
}
