import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Digest, NodeName } from '../../src/errors/ids.js';
import type { BackupDraft, BackupManifest, Backups } from '../../src/engine/ports/backups.js';

/** Backups, and a folder in which they may be. */
export interface BackupsUnderTest {
  readonly backups: Backups;
  readonly folder: string;
}

/** Some of it in pieces, and more than one block of any cipher. */
export async function* contentOf(text: string, pieces = 3): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = Buffer.from(text);
  const length = Math.ceil(bytes.length / pieces);
  for (let from = 0; from < bytes.length; from += length) {
    await Promise.resolve();
    yield bytes.subarray(from, from + length);
  }
}

export async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

export function manifestOf(id: string, part: Partial<BackupManifest> = {}): BackupManifest {
  return {
    formatVersion: 1,
    id,
    cluster: { id: '01CLUSTER', name: 'lab' },
    distro: 'd@1',
    takenAt: 1000,
    archives: [
      {
        ...{ role: 'store', scope: 'any', node: 'lab-s-0' as NodeName, place: 's-0', file: 'store.tar.gz.age' },
        ...{ bytes: LONG.length, sha256: sumOf(LONG), takenAt: 1000, packages: {} },
      },
    ],
    ...part,
  };
}

export function draftOf(folder: string, id: string): BackupDraft {
  return { folder, clusterId: '01CLUSTER', id };
}

export const LONG = 'some data\n'.repeat(40_000);
export const FILE = 'store.tar.gz.age';

export function sumOf(text: string): Digest {
  return createHash('sha256').update(text).digest('hex') as Digest;
}

/** Every promise of the port. */
export function describeBackups(name: string, make: () => Promise<BackupsUnderTest>): void {
  describe(`backups contract: ${name}`, () => {
    async function keep({ backups, folder }: BackupsUnderTest, manifest: BackupManifest): Promise<string> {
      await backups.write(draftOf(folder, manifest.id), FILE, contentOf(LONG));
      return backups.keep(draftOf(folder, manifest.id), manifest);
    }

    it('gives back what was written, and says how long it was and what its sum is', async () => {
      const { backups, folder } = await make();

      const sum = await backups.write(draftOf(folder, 'B1'), FILE, contentOf(LONG));
      const kept = await backups.keep(draftOf(folder, 'B1'), manifestOf('B1'));

      expect(sum).toEqual({ bytes: LONG.length, sha256: sumOf(LONG) });
      expect(await textOf(backups.open(kept, FILE))).toBe(LONG);
      expect(await backups.read(kept)).toEqual(manifestOf('B1'));
    });

    it('writes an archive again where an earlier try left one', async () => {
      const { backups, folder } = await make();
      await backups.write(draftOf(folder, 'B1'), FILE, contentOf('half'));

      const kept = await keep({ backups, folder }, manifestOf('B1'));

      expect(await textOf(backups.open(kept, FILE))).toBe(LONG);
    });

    it('lists whole backups alone, newest first', async () => {
      const { backups, folder } = await make();
      await keep({ backups, folder }, manifestOf('B1', { takenAt: 1 }));
      await keep({ backups, folder }, manifestOf('B2', { takenAt: 3 }));
      await keep({ backups, folder: `${folder}/lab` }, manifestOf('B3', { takenAt: 2 }));
      await backups.write(draftOf(folder, 'B4'), FILE, contentOf(LONG));

      const listed = await backups.list(folder);

      expect(listed.map(({ manifest }) => manifest.id)).toEqual(['B2', 'B3', 'B1']);
      expect(listed[1]?.folder).toBe(`${folder}/lab/B3`);
    });

    it('keeps a backup once, however often it is asked to', async () => {
      const { backups, folder } = await make();
      const kept = await keep({ backups, folder }, manifestOf('B1'));

      expect(await backups.keep(draftOf(folder, 'B1'), manifestOf('B1', { takenAt: 2 }))).toBe(kept);
      expect((await backups.read(kept)).takenAt).toBe(1000);
    });

    it('checks an archive against its sum', async () => {
      const { backups, folder } = await make();
      const kept = await keep({ backups, folder }, manifestOf('B1'));
      const archive = { file: FILE, bytes: LONG.length, sha256: sumOf(LONG) };

      await backups.check(kept, archive);

      await expect(backups.check(kept, { ...archive, sha256: sumOf('x') })).rejects.toMatchObject({
        code: 'BACKUP_INVALID',
      });
    });

    it('knows of no backup where there is none', async () => {
      const { backups, folder } = await make();

      await expect(backups.read(`${folder}/none`)).rejects.toMatchObject({ code: 'UNKNOWN_BACKUP' });
      expect(await backups.list(`${folder}/none`)).toEqual([]);
    });
  });
}
