import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { Home } from './home.js';

const exec = promisify(execFile);

/** Deletes everything that a home knows, but for the identity. The helper of the mirror ends when its folder goes: waits for that. */
export async function loseHome(home: Pick<Home, 'path'>): Promise<void> {
  await rm(home.path, { recursive: true, force: true });
  const running = async (): Promise<string> =>
    (await exec('pgrep', ['-f', home.path]).catch(() => ({ stdout: '' }))).stdout;
  await expect.poll(running, { timeout: 120_000, interval: 500 }).toBe('');
}
