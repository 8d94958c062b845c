import { chmod, mkdir } from 'node:fs/promises';

/** Makes a folder that its owner alone may enter, or closes it to others where it is open. */
export async function ensurePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}
