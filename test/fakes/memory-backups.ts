import { createHash } from 'node:crypto';
import type { Digest } from '../../src/errors/ids.js';
import { BdeError } from '../../src/errors/bde-error.js';
import type { ArchiveSum, BackupManifest, Backups } from '../../src/engine/ports/backups.js';

/** Backups in this process. */
export function createMemoryBackups(): Backups {
  const drafts = new Map<string, ReadonlyMap<string, Buffer>>();
  const whole = new Map<string, { readonly manifest: BackupManifest; readonly files: ReadonlyMap<string, Buffer> }>();
  const found = (folder: string) => {
    const backup = whole.get(folder);
    if (backup === undefined) throw new BdeError('UNKNOWN_BACKUP', `There is no backup in ${folder}.`);
    return backup;
  };
  return {
    async write({ folder, id }, file, content) {
      const bytes = await gather(content);
      const path = `${folder}/${id}`;
      drafts.set(path, new Map([...(drafts.get(path) ?? []), [file, bytes]]));
      return sumOf(bytes);
    },
    keep({ folder, id }, manifest) {
      const path = `${folder}/${id}`;
      if (!whole.has(path)) whole.set(path, { manifest, files: drafts.get(path) ?? new Map() });
      return Promise.resolve(path);
    },
    list(folder) {
      const below = [...whole].filter(([path]) => path.startsWith(`${folder}/`));
      const listed = below.map(([path, { manifest }]) => ({ folder: path, manifest }));
      return Promise.resolve(listed.sort((one, other) => other.manifest.takenAt - one.manifest.takenAt));
    },
    read: (folder) => Promise.resolve().then(() => found(folder).manifest),
    async check(folder, { file, bytes, sha256 }) {
      const sum = sumOf(fileIn(found(folder), file));
      if (sum.bytes !== bytes || sum.sha256 !== sha256) throw damaged(file);
    },
    async *open(folder, file) {
      yield await Promise.resolve(fileIn(found(folder), file));
    },
  };
}

function fileIn({ files }: { readonly files: ReadonlyMap<string, Buffer> }, file: string): Buffer {
  const bytes = files.get(file);
  if (bytes === undefined) throw damaged(file);
  return bytes;
}

function damaged(file: string): BdeError {
  return new BdeError('BACKUP_INVALID', `The archive ${file} is not what was written.`);
}

async function gather(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

function sumOf(bytes: Buffer): ArchiveSum {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') as Digest };
}
