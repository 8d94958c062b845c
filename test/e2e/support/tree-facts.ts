import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Path to what would differ had a file been touched in any way: mode, owner, size, and the kernel's own time of the last
 * change, which no program can set. So equal facts are equal bytes.
 */
export type TreeFacts = Readonly<Record<string, string>>;

/** Facts of everything below a folder, but of what is left out and all below that. */
export async function readTreeFacts(folder: string, leftOut: readonly string[]): Promise<TreeFacts> {
  const facts: Record<string, string> = {};
  const read = async (prefix: string): Promise<void> => {
    for (const name of await readdir(join(folder, prefix))) {
      const path = `${prefix}/${name}`;
      if (leftOut.includes(path)) continue;
      const { mode, uid, gid, size, ctimeNs, rdev } = await lstat(join(folder, path), { bigint: true });
      facts[path] = [mode.toString(8), uid, gid, size, ctimeNs, rdev].join(' ');
      if ((mode & 0o170000n) === 0o040000n) await read(path);
    }
  };
  await read('');
  return facts;
}
