import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureKeyring, signFile } from '../../src/repo/trust/gpg-keyring.js';
import { MirrorSandbox } from '../contract/mirror-sandbox.js';

const run = promisify(execFile);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-keys-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Whether a detached signature is good to somebody who knows this public key and no other. */
async function verifies(publicKey: string, file: string): Promise<boolean> {
  const known = join(folder, 'known.asc');
  const keyring = join(folder, 'known.gpg');
  await writeFile(known, publicKey);
  const quiet = ['--batch', '--yes', '--homedir', folder];
  await run('gpg', [...quiet, '--dearmor', '--output', keyring, known]);
  return run('gpgv', ['--homedir', folder, '--keyring', keyring, `${file}.asc`, file]).then(
    () => true,
    () => false,
  );
}

describe('the trust of a home', () => {
  it('is made once when several ask for it at once', async () => {
    const sandbox = await MirrorSandbox.make();
    try {
      const asked = [1, 2, 3].map(() => sandbox.open().ensureTrust(() => Promise.resolve()));

      const trusts = await Promise.all(asked);

      expect(trusts[1]).toEqual(trusts[0]);
      expect(trusts[2]).toEqual(trusts[0]);
    } finally {
      await sandbox.dispose();
    }
  });
});

describe('a keyring', () => {
  it('is made once, closed to others, with a key that signs', async () => {
    const place = join(folder, 'gpg', 'mirror');
    const file = join(folder, 'repomd.xml');
    await writeFile(file, '<repomd/>');

    const first = await ensureKeyring(place, 'bde mirror <mirror@bde.invalid>');
    const second = await ensureKeyring(place, 'bde mirror <mirror@bde.invalid>');
    await signFile(first, file);

    expect(second).toEqual(first);
    expect((await stat(place)).mode & 0o777).toBe(0o700);
    expect(await verifies(first.publicKey, file)).toBe(true);
    await writeFile(file, '<repomd>changed</repomd>');
    expect(await verifies(first.publicKey, file)).toBe(false);
  });

  it('works below a path longer than a socket may have', async () => {
    const place = join(folder, ...Array.from({ length: 6 }, () => 'a-rather-long-name-of-a-folder'), 'mirror');
    const file = join(folder, 'repomd.xml');
    await writeFile(file, '<repomd/>');

    const keyring = await ensureKeyring(place, 'bde mirror <mirror@bde.invalid>');
    await signFile(keyring, file);

    expect(place.length).toBeGreaterThan(150);
    expect(await verifies(keyring.publicKey, file)).toBe(true);
  });

  it('is never replaced when it is damaged', async () => {
    const place = join(folder, 'gpg', 'mirror');
    await ensureKeyring(place, 'bde mirror <mirror@bde.invalid>');
    await rm(join(place, 'fingerprint'));

    await expect(ensureKeyring(place, 'bde mirror <mirror@bde.invalid>')).rejects.toMatchObject({
      code: 'REPO_FAILED',
      subject: { file: place },
    });
    expect(await readdir(place)).toContain('private-keys-v1.d');
  });

  it('is made anew from what a killed process left', async () => {
    const place = join(folder, 'gpg', 'mirror');
    await ensureKeyring(place, 'bde mirror <mirror@bde.invalid>');
    const half = join(folder, 'gpg', 'other.draft-killed');
    await run('cp', ['-a', place, half]);

    await ensureKeyring(join(folder, 'gpg', 'other'), 'bde rehearsal <rehearsal@bde.invalid>');

    expect((await readdir(join(folder, 'gpg'))).sort()).toEqual(['mirror', 'other']);
  });
});
