import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSystemError } from '../repo-error.js';

/** One answered request. */
export interface AccessEntry {
  readonly at: Date;
  readonly remoteAddress: string;
  readonly method: string;
  /** As it was asked for, without query. */
  readonly path: string;
  readonly status: number;
  readonly sentBytes: number;
  readonly durationMs: number;
}

/** Size at which a log is put aside; the one before it is dropped, so two of this size is the bound. */
const MAX_LOG_BYTES = 1024 * 1024;

const MAX_PATH_LENGTH = 300;

/** Appends one line a request. Headers and queries, where secrets could be, are never written. */
export class AccessLog {
  readonly #path: string;
  #file: number;
  #sizeBytes: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#path = path;
    this.#file = openSync(path, 'a', 0o600);
    this.#sizeBytes = fstatSync(this.#file).size;
  }

  write(entry: AccessEntry): void {
    const line = renderEntry(entry);
    if (this.#sizeBytes + line.length > MAX_LOG_BYTES) this.#putAside();
    this.#sizeBytes += line.length;
    try {
      writeSync(this.#file, line);
    } catch (error) {
      // A full disk must not end the mirror: it loses lines of its log, nothing else.
      if (!isSystemError(error, 'ENOSPC')) throw error;
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #putAside(): void {
    closeSync(this.#file);
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openSync(this.#path, 'a', 0o600);
    this.#sizeBytes = 0;
  }
}

/** A line of the log: ASCII, no control characters, bounded. */
export function renderEntry(entry: AccessEntry): string {
  const path = encodeURI(entry.path.slice(0, MAX_PATH_LENGTH)).replaceAll('%25', '%');
  const { at, remoteAddress, method, status, sentBytes, durationMs } = entry;
  return `${at.toISOString()} ${remoteAddress} ${method} ${path} ${status} ${sentBytes} ${durationMs.toFixed(0)}ms\n`;
}
