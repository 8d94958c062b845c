import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureKeyring } from '../../src/repo/trust/gpg-keyring.js';

describe('a keyring whose maker is killed while gpg is at work', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bde-keyring-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  /** The program that is killed, bundled: it has to be a process of its own. */
  async function buildChild(): Promise<string> {
    const outfile = join(folder, 'child.mjs');
    const entry = join(import.meta.dirname, 'keyring-child.ts');
    await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    return outfile;
  }

  /** Until gpg has started its agent, which lives on when its starter dies. */
  async function agentRuns(): Promise<void> {
    for (let tries = 0; tries < 3000; tries += 1) {
      if ((await readdir(folder, { recursive: true })).some((path) => path.endsWith('/S.gpg-agent'))) return;
      await pause(10);
    }
    throw new Error('gpg has started no agent');
  }

  it('is made by the next one, and no draft stays', async () => {
    const program = await buildChild();
    for (const name of ['one', 'two', 'three']) {
      const child = spawn(process.execPath, [program, join(folder, name)], {
        stdio: 'ignore',
        env: { ...process.env, TMPDIR: folder },
      });
      await agentRuns();
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;

      const keyring = await ensureKeyring(join(folder, name), 'test <test@bde.invalid>');

      expect(keyring.fingerprint).toMatch(/^[0-9A-F]{40}$/);
      expect((await readdir(folder)).filter((path) => path.startsWith(name))).toEqual([name]);
      await rm(join(folder, name), { recursive: true, maxRetries: 10 });
    }
  });
});
