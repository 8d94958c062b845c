import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Secret } from '../../../errors/secret.js';
import type { ClusterRecord } from '../../../engine/ports/store.js';
import { BdeError } from '../../../errors/bde-error.js';
import { BACKUP_FORMAT_VERSION, signHeader } from './backup-header.js';
import { homePaths } from '../../paths.js';
import { systemClock } from '../../system-clock.js';
import { copyStore, openExistingSealer, packMirrorKeys } from '../../wire.js';
import { withStore } from '../with-store.js';
import { pack, PACKAGE_FOLDERS, PARTS, sumOf } from './backup-archive.js';
import { encodeState } from './sealed-state.js';

/** What was backed up; `formatVersion` 1 of `bde state backup --json`. */
export interface BackupReport {
  readonly formatVersion: 1;
  readonly file: string;
  readonly bytes: number;
  readonly clusters: readonly { readonly name: string; readonly id: string; readonly epoch: number }[];
  readonly packages: boolean;
}

/**
 * Writes what this home knows into one file, which appears whole: sealed to the identity and signed by it. Others may work in
 * the home meanwhile.
 *
 * @throws BdeError `FILE_UNREADABLE` where the file is there already or its folder cannot be written, `IDENTITY_MISSING`
 */
export async function backupState(file: string, order: { readonly packages: boolean }): Promise<BackupReport> {
  const path = resolve(file);
  if (existsSync(path)) throw fileThere(file);
  const sealer = await openExistingSealer();
  const clusters = await withStore((store) => store.clusters.list());
  const folder = await makeDraftFolder(path);
  try {
    const state = await gatherState(folder);
    await writeFile(join(folder, PARTS.state), await sealer.seal(state), { mode: 0o600 });
    if (order.packages) await packPackages(folder);
    const names = order.packages ? [PARTS.state, PARTS.packages] : [PARTS.state];
    const parts = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await sumOf(join(folder, name))] as const)),
    );
    const { home, homeKey } = homePaths();
    const header = {
      formatVersion: BACKUP_FORMAT_VERSION,
      createdAt: systemClock.now(),
      home: { path: home, key: homeKey },
      clusters: clusters.map(briefly),
      parts,
    } as const;
    await writeFile(join(folder, PARTS.header), signHeader(sealer, header), { mode: 0o600 });
    await pack(join(folder, 'whole'), folder, [PARTS.header, ...names]);
    await rename(join(folder, 'whole'), path);
    const { size } = await stat(path);
    return { formatVersion: 1, file: path, bytes: size, clusters: header.clusters, packages: order.packages };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function briefly({ name, id, epoch }: ClusterRecord) {
  return { name, id, epoch };
}

/** Beside the file, so that it appears by a rename. */
async function makeDraftFolder(path: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(path), '.bde-backup-'));
  } catch (cause) {
    throw new BdeError(
      'FILE_UNREADABLE',
      `The folder ${dirname(path)} cannot be written: ${(cause as Error).message}.`,
      {
        subject: { file: path },
        hint: 'Name a file in a folder that you may write to.',
        cause,
      },
    );
  }
}

async function gatherState(folder: string): Promise<Secret> {
  const copy = join(folder, 'store.sqlite');
  await copyStore(copy);
  const { home, mirror } = homePaths();
  const store = await readFile(copy);
  await rm(copy);
  return encodeState({ store, mirrorKeys: await packMirrorKeys(mirror), leases: await readLeases(home) });
}

async function readLeases(home: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(home, 'leases');
  if (!existsSync(folder)) return {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path.slice(home.length + 1), await readFile(path, 'utf8')] as const)),
  );
}

/** Packages are signed and no secret; they are as large as they are. */
async function packPackages(folder: string): Promise<void> {
  const { mirror } = homePaths();
  const there = PACKAGE_FOLDERS.filter((name) => existsSync(join(mirror, name)));
  await pack(join(folder, PARTS.packages), mirror, there);
}

function fileThere(file: string): BdeError {
  return new BdeError('FILE_UNREADABLE', `The file ${file} is there already; a backup replaces nothing.`, {
    subject: { file },
    hint: 'Name another file, or move that one away.',
  });
}
