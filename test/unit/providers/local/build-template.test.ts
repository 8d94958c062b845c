import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureTemplate } from '../../../../src/providers/local/build-template.js';
import { localHome, type LocalHome } from '../../../../src/providers/local/local-home.js';
import type { CommandOutcome, RunCommand } from '../../../../src/providers/local/run-command.js';
import { templateDigest } from '../../../../src/providers/local/template-recipe.js';

const RECIPE = { name: 'debian-12', formatVersion: 1 } as const;
const DIGEST = templateDigest(RECIPE);
const OK: CommandOutcome = { exitCode: 0, stdout: '', stderr: '' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-template-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A host whose builds end as the test says; a build that ends well leaves an image. */
function host(
  homeKey: string,
  build: (image: string) => Promise<CommandOutcome>,
): { home: LocalHome; builds: string[] } {
  const builds: string[] = [];
  const run: RunCommand = async (argv, options) => {
    if (argv[0] !== 'flock') return OK;
    const image = argv.at(-2) ?? '';
    builds.push(image);
    options?.onErrorLine?.('I: building');
    return build(image);
  };
  const options = { dataRoot: join(folder, 'data'), cacheRoot: join(folder, 'cache'), graceMs: 0 };
  return { home: localHome({ homeKey, run, ...options }), builds };
}

async function buildWell(image: string): Promise<CommandOutcome> {
  await writeFile(image, 'image');
  await utimes(image, 1_700_000_000, 1_700_000_000);
  return OK;
}

const allow = (): Promise<void> => Promise.resolve();
const mute = (): void => undefined;

describe('templateDigest', () => {
  it('follows the recipe and nothing else', () => {
    expect(DIGEST).toMatch(/^[0-9a-f]{64}$/);
    expect(templateDigest({ ...RECIPE })).toBe(DIGEST);
    expect(templateDigest({ ...RECIPE, name: 'debian-13' })).not.toBe(DIGEST);
  });
});

describe('ensureTemplate', () => {
  it('builds into the cache and shares it with the home', async () => {
    const { home, builds } = host('00000001', buildWell);
    const lines: string[] = [];

    const template = await ensureTemplate(home, RECIPE, allow, (line) => lines.push(line));

    expect(template).toEqual({ name: 'debian-12', digest: DIGEST, sizeMiB: 1, createdAt: 1_700_000_000_000 });
    expect(builds).toEqual([join(folder, `cache/templates/debian-12-${DIGEST}.squashfs`)]);
    expect(lines).toEqual(['I: building']);
    expect(await readdir(home.templatesDir)).toEqual([`debian-12-${DIGEST}.squashfs`]);
  });

  it('takes what another home of the host has built', async () => {
    const first = host('00000001', buildWell);
    const second = host('00000002', buildWell);
    await ensureTemplate(first.home, RECIPE, allow, mute);

    await ensureTemplate(second.home, RECIPE, allow, mute);

    expect(second.builds).toEqual([]);
    expect((await stat(join(second.home.templatesDir, `debian-12-${DIGEST}.squashfs`))).nlink).toBe(3);
  });

  it('outlives the loss of the cache', async () => {
    const { home, builds } = host('00000001', buildWell);
    await ensureTemplate(home, RECIPE, allow, mute);
    await rm(home.cacheDir, { recursive: true });

    await ensureTemplate(home, RECIPE, allow, mute);

    expect(builds).toHaveLength(1);
  });

  it('runs nothing once the guard refuses', async () => {
    const { home, builds } = host('00000001', buildWell);

    const refused = ensureTemplate(home, RECIPE, () => Promise.reject(new Error('lease lost')), mute);

    await expect(refused).rejects.toThrow('lease lost');
    expect(builds).toEqual([]);
  });

  it.each([
    ['E: Failed to fetch http://mirror.example/x  Could not resolve', /apt-get update/],
    ['mksquashfs: write failed: No space left on device', /Free 1 GiB/],
    ['flock: failed to execute mmdebstrap: mmdebstrap: not found', /apt-get install mmdebstrap/],
    ['W: GPG error: NO_PUBKEY 0E98404D386FA1D9', /debian-archive-keyring/],
    ['something else', /Mend what the last lines name/],
  ])('tells what to do about %j', async (stderr, hint) => {
    const { home } = host('00000001', () =>
      Promise.resolve({ exitCode: 1, stdout: '', stderr: `many\nlines\n${stderr}` }),
    );

    const failed = ensureTemplate(home, RECIPE, allow, mute);

    await expect(failed).rejects.toMatchObject({
      code: 'TEMPLATE_FAILED',
      message: `the template build ended with 1:\nmany\nlines\n${stderr}`,
      hint: expect.stringMatching(hint) as string,
    });
  });
});
