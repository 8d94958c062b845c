import type { Stats } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { isSystemError } from './repo-error.js';

/** How the system says that nothing is there; ESRCH: the process whose file in /proc was open has ended. */
const ABSENT = ['ENOENT', 'ENOTDIR', 'ESRCH'];

/** The text of a file; undefined where there is none. */
export function readIfThere(path: string): Promise<string | undefined> {
  return ifThere(() => readFile(path, 'utf8'));
}

/** What is known of a path, links not followed; undefined where there is nothing. */
export function lstatIfThere(path: string): Promise<Stats | undefined> {
  return ifThere(() => lstat(path));
}

/** Names in a folder, sorted; empty where there is no folder. */
export async function listIfThere(path: string): Promise<readonly string[]> {
  return ((await ifThere(() => readdir(path))) ?? []).sort();
}

async function ifThere<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (ABSENT.some((code) => isSystemError(error, code))) return undefined;
    throw error;
  }
}
