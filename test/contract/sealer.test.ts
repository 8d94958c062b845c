import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sealer } from '../../src/engine/ports/sealer.js';
import { Secret } from '../../src/errors/secret.js';
import { openIdentity } from '../../src/identity/open-identity.js';
import { describeSealer } from './sealer.contract.js';

const run = promisify(execFile);

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bde-identity-'));
  path = join(folder, 'etc', 'bde', 'identity');
});
afterEach(() => rmSync(folder, { recursive: true }));

describeSealer('age identity in a file', async () => ({
  sealer: await openIdentity({ path, mayCreate: true }),
  again: await openIdentity({ path, mayCreate: false }),
  stranger: await openIdentity({ path: join(folder, 'stranger'), mayCreate: true }),
}));

describe('openIdentity', () => {
  it('makes the identity on first use, for the owner alone', async () => {
    const sealer = await openIdentity({ path, mayCreate: true });

    expect(sealer).toMatchObject({ identityPath: path, createdNow: true });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'etc', 'bde'))).toEqual(['identity']);
  });

  it('makes it in the file format of age-keygen', async () => {
    await openIdentity({ path, mayCreate: true });

    expect(await readFile(path, 'utf8')).toMatch(
      /^# bde operator identity: back this file up\n# public key: age1[02-9ac-hj-np-z]{58}\nAGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}\n$/,
    );
  });

  it('uses the identity that is there and leaves it alone', async () => {
    await openIdentity({ path, mayCreate: true });
    const before = await readFile(path, 'utf8');

    const sealer = await openIdentity({ path, mayCreate: true });

    expect(sealer.createdNow).toBe(false);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('makes one identity where five ask for it at once', async () => {
    const sealers = await Promise.all(Array.from({ length: 5 }, () => openIdentity({ path, mayCreate: true })));

    expect(sealers.filter((sealer) => sealer.createdNow)).toHaveLength(1);
    expect(new Set(sealers.map((sealer) => sealer.recoveryKey().publicOpenSsh)).size).toBe(1);
    expect(await readdir(join(folder, 'etc', 'bde'))).toEqual(['identity']);
  });

  it('makes none where something is sealed already, and names the path', async () => {
    const opening = openIdentity({ path, mayCreate: false });

    await expect(opening).rejects.toMatchObject({
      code: 'IDENTITY_MISSING',
      message: `The operator identity ${path} is not there, and the store is sealed to it.`,
      hint: `Restore ${path} from its backup, or set BDE_IDENTITY to where it is.`,
      exitCode: 9,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a file that others may read', async () => {
    await openIdentity({ path, mayCreate: true });
    await chmod(path, 0o640);

    const opening = openIdentity({ path, mayCreate: true });

    await expect(opening).rejects.toMatchObject({
      code: 'IDENTITY_INVALID',
      message: `The operator identity ${path} has mode 0640, and others must not read it (0600).`,
      hint: `Run: chmod 600 ${path}`,
    });
  });

  it('follows a link to where the identity is kept', async () => {
    const kept = join(folder, 'kept');
    await openIdentity({ path: kept, mayCreate: true });
    await symlink(kept, join(folder, 'link'));

    const sealer = await openIdentity({ path: join(folder, 'link'), mayCreate: false });

    expect(sealer.createdNow).toBe(false);
  });

  it('says so where the path cannot be a file', async () => {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);

    const opening = openIdentity({ path, mayCreate: true });

    await expect(opening).rejects.toMatchObject({ code: 'IDENTITY_INVALID', subject: { file: path } });
  });

  it('says so where the folder cannot be made', async () => {
    await writeFile(join(folder, 'etc'), 'a file');

    const opening = openIdentity({ path, mayCreate: true });

    await expect(opening).rejects.toMatchObject({ code: 'IDENTITY_INVALID', subject: { file: path } });
  });

  it('refuses a mistyped identity without a byte of it in the error', async () => {
    await openIdentity({ path, mayCreate: true });
    const text = await readFile(path, 'utf8');
    const secret = text.trimEnd().split('\n')[2]!;
    const mistyped = secret.slice(0, -1) + (secret.endsWith('Q') ? 'P' : 'Q');
    await writeFile(path, mistyped);

    const error: unknown = await openIdentity({ path, mayCreate: true }).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code: 'IDENTITY_INVALID', hint: 'Restore it from its backup.' });
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(mistyped.slice(16, 40));
  });
});

describe('the recovery key', () => {
  it('is read by ssh-keygen, which finds the same public half', async () => {
    const sealer = await openIdentity({ path, mayCreate: true });
    const file = await writePrivateKey(sealer);

    const { stdout } = await run('ssh-keygen', ['-y', '-f', file]);

    expect(stdout).toBe(`${sealer.recoveryKey().publicOpenSsh}\n`);
  });

  it('signs with ssh-keygen what its public half verifies', async () => {
    const sealer = await openIdentity({ path, mayCreate: true });
    const file = await writePrivateKey(sealer);
    const message = join(folder, 'message');
    await writeFile(message, 'hello');
    await writeFile(join(folder, 'signers'), `me ${sealer.recoveryKey().publicOpenSsh}\n`);
    await run('ssh-keygen', ['-Y', 'sign', '-f', file, '-n', 'test', message]);

    const verify = run('ssh-keygen', [
      ...['-Y', 'verify', '-f', join(folder, 'signers'), '-I', 'me', '-n', 'test', '-s', `${message}.sig`],
    ]);
    verify.child.stdin?.end('hello');

    await expect(verify).resolves.toMatchObject({ stdout: expect.stringContaining('Good "test" signature') as string });
  });
});

describe('what the sealer sealed', () => {
  it('holds each value under the file key of one age header for X25519', async () => {
    const sealer = await openIdentity({ path, mayCreate: true });

    const sealed = await sealer.seal(new Secret('hello'));

    const header = Buffer.from(sealed.split('\n').slice(1, -2).join(''), 'base64').toString('latin1');
    expect(header.split('\n').slice(0, 2)).toEqual(['age-encryption.org/v1', expect.stringMatching(/^-> X25519 /)]);
  });
});

async function writePrivateKey(sealer: Sealer): Promise<string> {
  const file = join(folder, 'recovery');
  await writeFile(file, sealer.recoveryKey().privateOpenSsh.reveal(), { mode: 0o600 });
  return file;
}
