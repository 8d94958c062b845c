import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccessLog, renderEntry, type AccessEntry } from '../../../src/repo/serve/access-log.js';

const ENTRY: AccessEntry = {
  at: new Date('2026-01-02T03:04:05.678Z'),
  remoteAddress: '10.77.3.11',
  method: 'GET',
  path: '/c/X/java/repodata/repomd.xml',
  status: 200,
  sentBytes: 1549,
  durationMs: 2.4,
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-access-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('renderEntry', () => {
  it('writes one line a request', () => {
    expect(renderEntry(ENTRY)).toBe(
      '2026-01-02T03:04:05.678Z 10.77.3.11 GET /c/X/java/repodata/repomd.xml 200 1549 2ms\n',
    );
  });

  it('stays one line of bounded length whatever is asked for', () => {
    const line = renderEntry({ ...ENTRY, path: `/a b\n\u001b[31m${'x'.repeat(5000)}` });

    expect(line.split('\n')).toHaveLength(2);
    expect(line).toContain('/a%20b%0A%1B');
    expect(line.length).toBeLessThan(1000);
  });
});

describe('AccessLog', () => {
  it('goes on where the last one ended', async () => {
    const path = join(folder, 'access.log');
    for (const status of [200, 404]) {
      const log = new AccessLog(path);
      log.write({ ...ENTRY, status });
      log.close();
    }

    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');

    expect(lines.map((line) => line.split(' ')[4])).toEqual(['200', '404']);
  });

  it('keeps two files of a mebibyte at most', async () => {
    const path = join(folder, 'access.log');
    const log = new AccessLog(path);

    for (let count = 0; count < 30_000; count += 1) log.write(ENTRY);
    log.close();

    expect((await stat(path)).size).toBeLessThanOrEqual(1024 * 1024);
    expect((await stat(`${path}.1`)).size).toBeLessThanOrEqual(1024 * 1024);
  });
});
