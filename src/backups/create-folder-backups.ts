import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BackupDraft, BackupManifest, Backups, FoundBackup } from '../engine/ports/backups.js';
import type { Sealer } from '../engine/ports/sealer.js';
import { BdeError, isBdeError } from '../errors/bde-error.js';
import { CountedContent } from './count-content.js';
import { invalidBackup, MANIFEST_FILE, openManifest, printManifest } from './manifest-file.js';

/** Backups as folders: sealed archives beside a signed manifest. Nobody but their owner reads them. */
export function createFolderBackups(sealer: Sealer): Backups {
  const read = async (folder: string): Promise<BackupManifest> =>
    openManifest(sealer, await readManifest(folder), folder);
  const openArchive = (folder: string, file: string): AsyncIterable<Uint8Array> => openSealed(sealer, { folder, file });
  return {
    async write(draft, file, content) {
      const folder = draftFolder(draft);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await sweepDrafts(draft);
        const counted = new CountedContent(content);
        await writeDurably(join(folder, file), sealer.sealStream(counted));
        return counted.sum();
      } catch (error) {
        throw isBdeError(error) ? error : unwritable(draft.folder, error);
      }
    },
    async keep(draft, manifest) {
      const folder = join(draft.folder, draft.id);
      if (await isWhole(folder)) return folder;
      await writeFile(join(draftFolder(draft), MANIFEST_FILE), printManifest(sealer, manifest), { mode: 0o600 });
      await syncPath(join(draftFolder(draft), MANIFEST_FILE));
      await rename(draftFolder(draft), folder);
      await syncPath(draft.folder);
      return folder;
    },
    list: (folder) => listBackups(folder, read),
    read,
    async check(folder, { file, bytes, sha256 }) {
      const counted = new CountedContent(openArchive(folder, file));
      for await (const _ of counted);
      const sum = counted.sum();
      if (sum.bytes !== bytes || sum.sha256 !== sha256) throw damaged(folder, file);
    },
    open: openArchive,
  };
}

/** Hidden, and of its cluster: whoever makes another one of that holds the cluster's lease, so nobody is at work there. */
function draftFolder({ folder, clusterId, id }: BackupDraft): string {
  return join(folder, `${draftPrefix(clusterId)}${id}`);
}

function draftPrefix(clusterId: string): string {
  return `.draft-${clusterId}-`;
}

async function sweepDrafts(draft: BackupDraft): Promise<void> {
  for (const name of await readdir(draft.folder)) {
    if (!name.startsWith(draftPrefix(draft.clusterId)) || name.endsWith(draft.id)) continue;
    await rm(join(draft.folder, name), { recursive: true, force: true });
  }
}

async function writeDurably(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const part = `${path}.part`;
  await pipeline(Readable.from(content, { objectMode: false }), createWriteStream(part, { mode: 0o600 }));
  await syncPath(part);
  await rename(part, path);
  await syncPath(dirname(path));
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isWhole(folder: string): Promise<boolean> {
  return (await namesIn(folder)).includes(MANIFEST_FILE);
}

async function readManifest(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, MANIFEST_FILE), 'utf8');
  } catch (cause) {
    throw new BdeError('UNKNOWN_BACKUP', `There is no backup in ${folder}.`, {
      subject: { file: folder },
      hint: 'See which there are with bde cluster backups.',
      cause,
    });
  }
}

async function* openSealed(
  sealer: Sealer,
  { folder, file }: { readonly folder: string; readonly file: string },
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* sealer.openStream(createReadStream(join(folder, file)));
  } catch (error) {
    throw isBdeError(error, 'IDENTITY_MISSING') ? error : damaged(folder, file, error);
  }
}

async function listBackups(
  folder: string,
  read: (folder: string) => Promise<BackupManifest>,
): Promise<readonly FoundBackup[]> {
  const found: FoundBackup[] = [];
  for (const candidate of await candidatesIn(folder)) {
    try {
      found.push({ folder: candidate, manifest: await read(candidate) });
    } catch (error) {
      if (!isBdeError(error)) throw error;
    }
  }
  return found.sort((one, other) => other.manifest.takenAt - one.manifest.takenAt);
}

/** Folders in a folder, and those in them: backups by id, or by cluster and id. */
async function candidatesIn(folder: string): Promise<readonly string[]> {
  const first = (await namesIn(folder)).map((name) => join(folder, name));
  const second = await Promise.all(first.map(async (each) => (await namesIn(each)).map((name) => join(each, name))));
  return [...first, ...second.flat()];
}

/** Of what is a folder; hidden ones are drafts. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.startsWith('.'));
}

function damaged(folder: string, file: string, cause?: unknown): BdeError {
  return invalidBackup(
    folder,
    `is damaged: its archive ${file} is not what was written`,
    'Take another backup.',
    cause,
  );
}

function unwritable(folder: string, cause: unknown): BdeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BdeError('FILE_UNREADABLE', `The backup cannot be written to ${folder}: ${reason}.`, {
    subject: { file: folder },
    hint: 'Name a folder that you may write to, with room on its disk: --to DIR.',
    cause,
  });
}
