import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { lockPath } from './process-lock.js';

/** Where fakes keep their world, by path. Every write replaces one file at once; JSON values are not to be changed in place. */
export interface WorldStorage {
  read<Value>(path: string, otherwise: Value): Value;
  write(path: string, value: unknown): void;
  readText(path: string): string | undefined;
  writeText(path: string, content: string | Buffer, mode?: number): void;
  append(path: string, line: string): void;
  /** Names in a folder; empty where it is not there. */
  list(folder: string): readonly string[];
  /** Keeps other controllers from changing a path; gives what lets them again. */
  lock(path: string): Promise<() => void>;
}

/** A folder on disk, or a storage. */
export type WorldPlace = { readonly dir: string } | { readonly storage: WorldStorage };

export function storageOf(place: WorldPlace): WorldStorage {
  return 'storage' in place ? place.storage : diskStorage(place.dir);
}

/** The storage of a folder, or the one given. */
export function openStorage(world: string | WorldStorage): WorldStorage {
  return typeof world === 'string' ? diskStorage(world) : world;
}

/** Files below a folder: they stay when the controller is killed, and several processes may share them. */
export function diskStorage(dir: string): WorldStorage {
  const readText = (path: string): string | undefined => {
    const file = join(dir, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  return {
    read(path, otherwise) {
      const text = readText(path);
      return text === undefined ? otherwise : (JSON.parse(text) as typeof otherwise);
    },
    write: (path, value) => replaceFile(join(dir, path), JSON.stringify(value, null, 2)),
    readText,
    writeText: (path, content, mode) => replaceFile(join(dir, path), content, mode),
    append(path, line) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      appendFileSync(join(dir, path), `${line}\n`);
    },
    list(folder) {
      const path = join(dir, folder);
      return existsSync(path) ? readdirSync(path).filter((name) => !name.startsWith('.')) : [];
    },
    lock: (path) => lockPath(join(dir, path)),
  };
}

/** A storage that lets tests look at a file as a whole. */
export interface HeldStorage extends WorldStorage {
  /** @throws TypeError where there is none */
  readFile(path: string): { readonly content: Buffer; readonly mode: number };
}

/** Values in this process: for worlds that are made by the thousand, or have thousands of machines. */
export function heldStorage(): HeldStorage {
  const modes = new Map<string, number>();
  const folders = new Map<string, Map<string, unknown>>();
  const get = (path: string): unknown => folders.get(dirname(path))?.get(basename(path));
  const put = (path: string, value: unknown): void => {
    const folder = folders.get(dirname(path)) ?? new Map<string, unknown>();
    folders.set(dirname(path), folder.set(basename(path), value));
  };
  return {
    read: (path, otherwise) => (get(path) ?? otherwise) as typeof otherwise,
    write: put,
    readText: (path) => get(path)?.toString(),
    writeText(path, content, mode = 0o600) {
      put(path, content);
      modes.set(path, mode);
    },
    readFile: (path) => ({ content: Buffer.from(get(path) as Buffer), mode: modes.get(path) ?? 0 }),
    append: (path, line) => put(path, `${(get(path) as string | undefined) ?? ''}${line}\n`),
    list: (folder) => [...(folders.get(folder)?.keys() ?? [])],
    lock: () => Promise.resolve(() => undefined),
  };
}

function replaceFile(file: string, content: string | Buffer, mode = 0o600): void {
  mkdirSync(dirname(file), { recursive: true });
  const next = join(dirname(file), `.${randomBytes(4).toString('hex')}`);
  writeFileSync(next, content, { mode });
  renameSync(next, file);
}
