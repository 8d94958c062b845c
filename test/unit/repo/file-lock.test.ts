import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLocked, withFileLock } from '../../../src/repo/file-lock.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-lock-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('withFileLock', () => {
  it('lets one in at a time', async () => {
    const path = join(folder, 'sub', 'lock');
    const steps: string[] = [];
    const work = (name: string) =>
      withFileLock(path, async () => {
        steps.push(`${name} in`);
        await new Promise(setImmediate);
        steps.push(`${name} out`);
      });

    await Promise.all([work('a'), work('b'), work('c')]);

    const order = steps.map((step) => step.split(' ')[0]);
    expect(order.every((name, index) => index % 2 === 0 || name === order[index - 1])).toBe(true);
    expect(steps).toHaveLength(6);
  });

  it('is locked while the work goes on, and free after it failed', async () => {
    const path = join(folder, 'lock');
    let during = false;

    const work = withFileLock(path, async () => {
      during = await isLocked(path);
      throw new Error('it went wrong');
    });

    await expect(work).rejects.toThrow('it went wrong');
    expect(during).toBe(true);
    expect(await isLocked(path)).toBe(false);
  });

  it('says why where the file cannot be locked', async () => {
    await writeFile(join(folder, 'file'), '');

    const work = withFileLock(join(folder, 'file', 'lock'), () => Promise.resolve());

    await expect(work).rejects.toThrow(/ENOTDIR|EEXIST/);
  });
});
