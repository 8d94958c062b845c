import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalProvider } from '../../../../src/providers/local/create-local-provider.js';
import { isOnPath, missingPrograms } from '../../../../src/providers/local/host-needs.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-path-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('isOnPath', () => {
  it('finds a program in any folder of the path', async () => {
    await writeFile(join(folder, 'tool'), '#!/bin/sh\n');
    await chmod(join(folder, 'tool'), 0o755);

    expect(await isOnPath(`/nowhere:${folder}`, 'tool')).toBe(true);
  });

  it('does not take a file that cannot be run', async () => {
    await writeFile(join(folder, 'tool'), '');

    expect(await isOnPath(folder, 'tool')).toBe(false);
  });
});

describe('missingPrograms', () => {
  it('names the package of what is missing', async () => {
    const missing = await missingPrograms(folder, { 'bde-no-such-tool': 'bde-package' });

    expect(missing).toEqual([{ what: 'bde-no-such-tool', hint: 'Run `apt-get install bde-package`.' }]);
  });
});

describe('createLocalProvider', () => {
  it.each(['', 'ABCDEF01', '0123456', '0123456g', '../../01'])('refuses %j for a home key', (homeKey) => {
    expect(() => createLocalProvider({ homeKey })).toThrow(/home key is 8 lower-case hex digits/);
  });

  it('refuses a folder that would not survive as an option of nspawn', () => {
    expect(() => createLocalProvider({ homeKey: '01234567', dataRoot: '/var/my machines' })).toThrow(
      /\/var\/my machines/,
    );
  });

  it('fits nine small machines into 24 GiB', () => {
    const { sizes } = createLocalProvider({ homeKey: '01234567' }).provider.describe();

    expect(9 * (sizes['SMALL']?.memoryMiB ?? Infinity)).toBeLessThan(24 * 1024);
  });
});
