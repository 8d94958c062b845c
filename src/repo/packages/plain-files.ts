import { join } from 'node:path';
import { listIfThere, lstatIfThere } from '../if-there.js';
import { sha256OfFile } from '../sha256-of-file.js';

/** A file that a repo offers as it is, beside its packages. */
export interface PlainFile {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
}

/** Names as they can stand in a URL; others, hidden ones and folders are not offered. */
const OFFERED = /^[A-Za-z0-9_][\w.@:+~-]{0,199}$/;

/** What tells, without reading the files, that something in the folder is new: names, sizes, times. */
export async function stampPlainFiles(folder: string | null): Promise<readonly (string | number)[]> {
  const stamps: (string | number)[] = [];
  for (const { name, size, mtimeMs } of await offeredFiles(folder)) stamps.push(name, size, mtimeMs);
  return stamps;
}

/** The files of a repo's `files/`, by name. */
export async function readPlainFiles(folder: string | null): Promise<readonly PlainFile[]> {
  const files: PlainFile[] = [];
  for (const { name, path } of await offeredFiles(folder)) files.push({ name, path, sha256: await sha256OfFile(path) });
  return files;
}

async function offeredFiles(folder: string | null) {
  const names = folder === null ? [] : (await listIfThere(folder)).filter((name) => OFFERED.test(name));
  const found = [];
  for (const name of names) {
    const path = join(folder ?? '', name);
    const facts = await lstatIfThere(path);
    if (facts?.isFile() === true) found.push({ name, path, size: facts.size, mtimeMs: facts.mtimeMs });
  }
  return found;
}
