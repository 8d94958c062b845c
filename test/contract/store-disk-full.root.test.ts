import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/open-sqlite-store.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bde-store-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
});
afterEach(() => {
  execFileSync('umount', [folder]);
  rmdirSync(folder);
});

describe('a store on a full disk', () => {
  it('says so, and holds all that it held before', async () => {
    const file = join(folder, 'bde.db');
    const store = await openSqliteStore(file);
    await store.home.put('before', 1);
    const filling = store.transaction(async (tables) => {
      await tables.home.put('before', 2);
      for (let i = 0; i < 8; i++) await tables.blobs.put(Buffer.alloc(300_000, String(i)));
    });

    await expect(filling).rejects.toMatchObject({
      code: 'STORE_UNUSABLE',
      message: `The store ${file} cannot be used: database or disk is full.`,
      hint: `Free space on the disk that holds ${file}, then run the command again.`,
    });

    expect(await store.home.get('before')).toBe(1);
    await store.close();
  });
});
