import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderBackups } from '../../src/backups/create-folder-backups.js';
import type { Backups } from '../../src/engine/ports/backups.js';
import { openIdentity } from '../../src/identity/open-identity.js';
import { createMemoryBackups } from '../fakes/memory-backups.js';
import { contentOf, describeBackups, draftOf, FILE, LONG, manifestOf, sumOf, textOf } from './backups.contract.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bde-backups-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function openBackups(identity = 'identity'): Promise<Backups> {
  return createFolderBackups(await openIdentity({ path: join(folder, identity), mayCreate: true }));
}

async function keepOne(backups: Backups): Promise<string> {
  await backups.write(draftOf(join(folder, 'lab'), 'B1'), FILE, contentOf(LONG));
  return backups.keep(draftOf(join(folder, 'lab'), 'B1'), manifestOf('B1'));
}

const ARCHIVE = { file: FILE, bytes: LONG.length, sha256: sumOf(LONG) };

describeBackups('in memory', () => Promise.resolve({ backups: createMemoryBackups(), folder: '/backups' }));
describeBackups('folders', async () => ({ backups: await openBackups(), folder: join(folder, 'all') }));

describe('a backup in a folder', () => {
  it('shows nothing of the data, and is for its owner alone', async () => {
    const kept = await keepOne(await openBackups());

    expect(readFileSync(join(kept, FILE)).includes('some data')).toBe(false);
    expect(readdirSync(kept).map((name) => [name, statSync(join(kept, name)).mode & 0o777])).toEqual([
      ['manifest.json', 0o600],
      [FILE, 0o600],
    ]);
    expect(statSync(kept).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['longer', (file: string) => appendFileSync(file, 'x')],
    ['cut', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, -70_000))],
    ['gone', (file: string) => rmSync(file)],
  ])('is refused where its archive is %s', async (_, spoil) => {
    const backups = await openBackups();
    const kept = await keepOne(backups);

    spoil(join(kept, FILE));

    await expect(backups.check(kept, ARCHIVE)).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
      message: `The backup ${kept} is damaged: its archive ${FILE} is not what was written.`,
    });
  });

  it('is refused, and in no list, where its manifest was changed', async () => {
    const backups = await openBackups();
    const kept = await keepOne(backups);
    const file = join(kept, 'manifest.json');

    writeFileSync(file, readFileSync(file, 'utf8').replace('lab-s-0', 'lab-s-1'));

    await expect(backups.read(kept)).rejects.toMatchObject({ code: 'IDENTITY_MISSING' });
    expect(await backups.list(folder)).toEqual([]);
  });

  it('is of no use to another identity', async () => {
    const kept = await keepOne(await openBackups());
    const stranger = await openBackups('stranger');

    await expect(stranger.read(kept)).rejects.toMatchObject({ code: 'IDENTITY_MISSING' });
    await expect(textOf(stranger.open(kept, FILE))).rejects.toMatchObject({ code: 'IDENTITY_MISSING' });
  });

  it('ends drafts of its cluster that were given up, and of no other', async () => {
    const backups = await openBackups();
    const others = { ...draftOf(folder, 'B8'), clusterId: '01OTHER' };
    await backups.write(draftOf(folder, 'B7'), FILE, contentOf('given up'));
    await backups.write(others, FILE, contentOf('going on'));

    await backups.write(draftOf(folder, 'B9'), FILE, contentOf(LONG));

    const hidden = readdirSync(folder).filter((name) => name.startsWith('.draft-'));
    expect(hidden.sort()).toEqual(['.draft-01CLUSTER-B9', '.draft-01OTHER-B8']);
  });

  it('says why where its folder cannot be written', async () => {
    const backups = await openBackups();
    writeFileSync(join(folder, 'file'), '');

    await expect(backups.write(draftOf(join(folder, 'file'), 'B1'), FILE, contentOf('x'))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      subject: { file: join(folder, 'file') },
    });
  });

  it('leaves no archive behind of which only a part came', async () => {
    const backups = await openBackups();
    async function* lost(): AsyncGenerator<Uint8Array, void, undefined> {
      yield Buffer.from('a part');
      await Promise.reject(new Error('lost'));
    }

    await expect(backups.write(draftOf(folder, 'B1'), FILE, lost())).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });

    expect(existsSync(join(folder, '.draft-01CLUSTER-B1', FILE))).toBe(false);
  });
});
