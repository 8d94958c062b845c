import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Digest } from '../../../errors/ids.js';
import { invalid } from './backup-header.js';

const exec = promisify(execFile);

/** Parts of a backup, in the order in which they stand in the archive; the last one is there only where it was asked for. */
export const PARTS = { header: 'header.json', state: 'state.age', packages: 'packages.tar' } as const;

/** What of a mirror's folder its packages are. */
export const PACKAGE_FOLDERS = ['repos', 'pool', 'snapshots', 'incoming'] as const;

/** Packs files or folders of a folder into an archive that only its owner reads. */
export async function pack(archive: string, folder: string, names: readonly string[]): Promise<void> {
  await exec('sh', ['-c', 'umask 077; exec tar "$@"', 'tar', '-cf', archive, '-C', folder, '--', ...names]);
}

/**
 * Unpacks one part of a backup into a folder; false where it has none.
 *
 * @throws BdeError `BACKUP_INVALID` where the file is no archive
 */
export async function unpackPart(archive: string, folder: string, part: string): Promise<boolean> {
  try {
    await exec('tar', ['-xf', archive, '-C', folder, '--no-same-owner', '--', part]);
    return true;
  } catch (error) {
    const said = String((error as { readonly stderr?: string }).stderr);
    if (said.includes('Not found in archive')) return false;
    throw invalid(archive, 'cannot be unpacked', 'Name a file that bde state backup made, and see that it is whole.');
  }
}

/** Unpacks everything of an archive whose sum was checked. */
export async function unpackAll(archive: string, folder: string): Promise<void> {
  await exec('tar', ['-xf', archive, '-C', folder, '--no-same-owner']);
}

/** sha256 of a file. */
export async function sumOf(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') as Digest;
}
