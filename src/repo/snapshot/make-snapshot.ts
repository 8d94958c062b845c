import { constants } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../errors/ids.js';
import { readIfThere } from '../if-there.js';
import { snapshotPath, type MirrorPaths } from '../mirror-paths.js';
import type { PlainFile } from '../packages/plain-files.js';
import { digestPackages, rpmFileName, type RpmFile } from '../packages/rpm-file.js';
import { runTool } from '../run-tool.js';
import { signFile, type Keyring } from '../trust/gpg-keyring.js';

/** Says whose signatures a snapshot bears. A hidden file, so it is not served. */
const MARK = '.signed-by';

/** What a snapshot is made of. */
export interface SnapshotContent {
  /** Signed packages. */
  readonly packages: readonly RpmFile[];
  readonly plainFiles: readonly PlainFile[];
}

/**
 * The snapshot of this content: a folder that dnf takes as a repo, with signed metadata, and `files/`. It never changes;
 * made only where it is not there, or where it bears the signatures of a key that is gone.
 */
export async function makeSnapshot(content: SnapshotContent, keyring: Keyring, paths: MirrorPaths): Promise<Digest> {
  const digest = digestPackages(content.packages, content.plainFiles);
  if (await hasSnapshot(digest, keyring.fingerprint, paths)) return digest;
  await mkdir(paths.drafts, { recursive: true });
  const draft = await mkdtemp(join(paths.drafts, 'snapshot-'));
  try {
    await fill(draft, content, keyring);
    await moveIntoPlace(draft, snapshotPath(paths, digest));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return digest;
}

/** True where that snapshot is there with signatures of that key. */
export async function hasSnapshot(digest: Digest, fingerprint: string, paths: MirrorPaths): Promise<boolean> {
  return (await readIfThere(join(snapshotPath(paths, digest), MARK))) === fingerprint;
}

async function fill(folder: string, { packages, plainFiles }: SnapshotContent, keyring: Keyring): Promise<void> {
  await mkdir(join(folder, 'Packages'));
  if (plainFiles.length > 0) await mkdir(join(folder, 'files'));
  // Copies: the project's own files may be written to again.
  for (const { path, name } of plainFiles)
    await copyFile(path, join(folder, 'files', name), constants.COPYFILE_FICLONE);
  for (const file of packages) await link(file.path, join(folder, 'Packages', rpmFileName(file)));
  await runTool(['createrepo_c', '--quiet', '--no-database', '--workers', '2', folder]);
  await signFile(keyring, join(folder, 'repodata', 'repomd.xml'));
  await writeFile(join(folder, MARK), keyring.fingerprint);
}

async function moveIntoPlace(draft: string, place: string): Promise<void> {
  await mkdir(join(place, '..'), { recursive: true });
  const old = `${draft}-old`;
  await rename(place, old).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
  await rename(draft, place);
  await rm(old, { recursive: true, force: true });
}
