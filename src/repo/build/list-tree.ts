import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One entry below a folder; the path is relative to it. */
export interface TreeEntry {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'folder';
}

/** Everything below a folder, sorted by path; sockets, devices and pipes are not told. */
export async function listTree(folder: string): Promise<readonly TreeEntry[]> {
  const entries: TreeEntry[] = [];
  await collect(folder, '', entries);
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function collect(folder: string, prefix: string, entries: TreeEntry[]): Promise<void> {
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = join(prefix, entry.name);
    if (entry.isFile()) entries.push({ path, kind: 'file' });
    if (entry.isSymbolicLink()) entries.push({ path, kind: 'link' });
    if (!entry.isDirectory()) continue;
    entries.push({ path, kind: 'folder' });
    await collect(folder, path, entries);
  }
}
