import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureAuthority, ensureServerCertificate } from '../../../src/repo/trust/ensure-authority.js';

const DAY_MS = 24 * 3600 * 1000;
const NOW = Date.parse('2026-06-01T00:00:00Z');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bde-trust-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('ensureAuthority', () => {
  it('makes an authority that may sign servers alone', async () => {
    const { certificate } = await ensureAuthority(folder, 'bde mirror 1a2b3c4d', NOW);

    expect(certificate.ca).toBe(true);
    expect(certificate.subject).toBe('CN=bde mirror 1a2b3c4d');
    expect(Date.parse(certificate.validTo)).toBe(NOW + 3650 * DAY_MS);
  });

  it('keeps its key from others and makes it once', async () => {
    const first = await ensureAuthority(folder, 'bde mirror', NOW);

    const second = await ensureAuthority(folder, 'bde mirror', NOW);

    expect(second.certificatePem).toBe(first.certificatePem);
    expect(first.certificatePem).not.toContain('PRIVATE');
    expect((await stat(join(folder, 'authority.pem'))).mode & 0o777).toBe(0o600);
  });

  it('never replaces an authority that is damaged', async () => {
    await writeFile(join(folder, 'authority.pem'), 'nothing');

    await expect(ensureAuthority(folder, 'bde mirror', NOW)).rejects.toMatchObject({
      code: 'REPO_FAILED',
      subject: { file: join(folder, 'authority.pem') },
    });
    expect(await readFile(join(folder, 'authority.pem'), 'utf8')).toBe('nothing');
  });
});

describe('ensureServerCertificate', () => {
  async function ensure(address: string, nowMs = NOW) {
    const authority = await ensureAuthority(folder, 'bde mirror', NOW);
    const made = await ensureServerCertificate(folder, authority, { address, nowMs });
    const certificate = new X509Certificate(await readFile(made.path));
    return { ...made, certificate, authority };
  }

  it('makes a certificate for the address, signed by the authority', async () => {
    const { certificate, authority, isNew } = await ensure('10.77.3.1');

    expect(isNew).toBe(true);
    expect(certificate.checkIP('10.77.3.1')).toBe('10.77.3.1');
    expect(certificate.checkIP('10.77.3.2')).toBeUndefined();
    expect(certificate.verify(authority.certificate.publicKey)).toBe(true);
  });

  it('takes the one that is there', async () => {
    const first = await ensure('10.77.3.1');

    const second = await ensure('10.77.3.1', NOW + 300 * DAY_MS);

    expect(second.isNew).toBe(false);
    expect(second.certificate.serialNumber).toBe(first.certificate.serialNumber);
  });

  it('makes a new one for another address', async () => {
    await ensure('10.77.3.1');

    const { isNew, certificate } = await ensure('10.77.4.1');

    expect(isNew).toBe(true);
    expect(certificate.checkIP('10.77.4.1')).toBe('10.77.4.1');
  });

  it('makes a new one two months before the old one ends', async () => {
    await ensure('10.77.3.1');

    expect((await ensure('10.77.3.1', NOW + 338 * DAY_MS)).isNew).toBe(true);
  });
});
