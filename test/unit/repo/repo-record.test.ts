import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRepoRecord, withClosure, writeRepoRecord, type RepoRecord } from '../../../src/repo/repo-record.js';

const RECORD: RepoRecord = {
  formatVersion: 1,
  repo: 'java',
  inputs: 'i',
  snapshot: null,
  packages: [],
  closures: {},
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-records-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('readRepoRecord', () => {
  it('gives back what was written', async () => {
    await writeRepoRecord(folder, RECORD);

    expect(await readRepoRecord(folder, 'java')).toEqual(RECORD);
  });

  it('knows nothing of a repo that was never built', async () => {
    expect(await readRepoRecord(folder, 'java')).toBeUndefined();
  });

  it('refuses the format of another bde', async () => {
    await writeFile(join(folder, 'java.json'), '{"formatVersion":2}');

    await expect(readRepoRecord(folder, 'java')).rejects.toMatchObject({ code: 'REPO_FAILED' });
  });
});

describe('withClosure', () => {
  it('keeps the youngest eight', () => {
    const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'].map((key) => `k${key}`);

    const record = keys.reduce((before, key) => withClosure(before, key, { packages: [], sources: [] }), RECORD);

    expect(Object.keys(record.closures)).toEqual(keys.slice(2));
  });
});
