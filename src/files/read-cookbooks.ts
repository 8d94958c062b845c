import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BdeError } from '../errors/bde-error.js';
import { fromSystem, readBytes, realPathInside, resolveReal } from './read-text.js';

/** The files of one cookbook; the shape that `src/cookbook` takes. */
export interface CookbookFiles {
  readonly name: string;
  /** Folder, for messages. */
  readonly path: string;
  /** Content by path relative to the folder, sorted; `/` between names. */
  readonly files: Readonly<Record<string, Buffer>>;
}

/** Bounds of one cookbook: it is copied into the pins of every cluster. */
export interface CookbookLimits {
  readonly fileBytes: number;
  readonly totalBytes: number;
  readonly fileCount: number;
  readonly depth: number;
}

export const COOKBOOK_LIMITS: CookbookLimits = {
  fileBytes: 16 * 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
  fileCount: 2000,
  depth: 8,
};

/**
 * Every cookbook in these folders, by name, sorted. A folder that is named twice counts once. Hidden entries, and those
 * that an editor leaves (`x~`), are no part of a cookbook.
 *
 * @throws BdeError `FILE_UNREADABLE` where a folder is not there, a link leaves its cookbook or a bound is crossed;
 *   `COOKBOOK_INVALID` where two folders have a cookbook of one name, and for a folder that is a cookbook itself
 */
export async function readCookbooks(
  folders: readonly string[],
  limits: CookbookLimits = COOKBOOK_LIMITS,
): Promise<readonly CookbookFiles[]> {
  const found = new Map<string, string>();
  for (const folder of await distinctFolders(folders)) {
    for (const name of await cookbookNames(folder)) {
      const twin = found.get(name);
      if (twin !== undefined) throw thereTwice(name, twin, join(folder, name));
      found.set(name, join(folder, name));
    }
  }
  const names = [...found].sort(([one], [other]) => (one < other ? -1 : 1));
  return Promise.all(names.map(([name, path]) => readCookbook(name, path, limits)));
}

/** As they were named first. */
async function distinctFolders(folders: readonly string[]): Promise<readonly string[]> {
  const reals = await Promise.all(folders.map((folder) => resolveReal(folder)));
  return folders.filter((_, index) => reals.indexOf(reals[index] ?? '') === index);
}

async function cookbookNames(folder: string): Promise<readonly string[]> {
  const entries = await listFolder(folder);
  if (entries.some((entry) => entry.isFile() && entry.name === 'metadata.yaml')) throw isCookbookItself(folder);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/**
 * The files of one cookbook by its folder.
 *
 * @throws BdeError `FILE_UNREADABLE`
 */
export async function readCookbook(
  name: string,
  path: string,
  limits: CookbookLimits = COOKBOOK_LIMITS,
): Promise<CookbookFiles> {
  const paths = (await listFiles({ root: path, limits }, '')).sort();
  if (paths.length > limits.fileCount) throw crossed(path, `has ${paths.length} files`, `${limits.fileCount}`);
  const files: Record<string, Buffer> = {};
  let total = 0;
  for (const relative of paths) {
    const content = await readBytes(join(path, relative), limits.fileBytes);
    total += content.length;
    if (total > limits.totalBytes) throw crossed(path, `has ${total} bytes and more`, `${limits.totalBytes}`);
    files[relative] = content;
  }
  return { name, path, files };
}

interface Walk {
  readonly root: string;
  readonly limits: CookbookLimits;
}

/** Relative paths of all files below a folder of the tree; links to files count while they stay in the tree. */
async function listFiles(walk: Walk, folder: string): Promise<string[]> {
  const depth = folder === '' ? 0 : folder.split('/').length;
  if (depth > walk.limits.depth) throw crossed(join(walk.root, folder), 'is too deep', `${walk.limits.depth} levels`);
  const entries = await listFolder(join(walk.root, folder));
  const nested = await Promise.all(entries.map((entry) => listEntry(walk, folder, entry)));
  return nested.flat();
}

async function listEntry(walk: Walk, folder: string, entry: Dirent): Promise<string[]> {
  const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
  if (entry.isDirectory()) return listFiles(walk, relative);
  if (entry.isSymbolicLink()) await realPathInside(walk.root, join(walk.root, relative));
  return [relative];
}

async function listFolder(path: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.') && !name.endsWith('~'));
  } catch (error) {
    throw fromSystem(path, error);
  }
}

function crossed(path: string, what: string, bound: string): BdeError {
  return new BdeError('FILE_UNREADABLE', `${path} ${what}; allowed are at most ${bound}`, { subject: { file: path } });
}

function thereTwice(name: string, first: string, second: string): BdeError {
  return new BdeError('COOKBOOK_INVALID', `The cookbook ${name} is there twice, in ${first} and in ${second}`, {
    subject: { file: second },
    hint: 'Rename one of them, in its metadata.yaml too, or leave one of the two folders out.',
  });
}

function isCookbookItself(folder: string): BdeError {
  return new BdeError('COOKBOOK_INVALID', `${folder} is a cookbook itself, not a folder of cookbooks`, {
    subject: { file: folder },
    hint: 'Name the folder that it lies in.',
  });
}
