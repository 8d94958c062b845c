import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCertifier } from '../../../src/certificates/create-certifier.js';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const DAY_MS = 24 * 3600 * 1000;
const SUBJECT = { names: ['lab-web-0'], addresses: ['10.0.0.7'] };

const certifier = createCertifier();

describe('a certificate of a node', () => {
  it('is signed by its authority, and is for the name and the address of the node alone', async () => {
    const authority = await certifier.makeAuthority('bde lab', NOW);

    const made = await certifier.certify(authority, SUBJECT, NOW);

    const certificate = new X509Certificate(made.certificate);
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.subjectAltName).toBe('DNS:lab-web-0, IP Address:10.0.0.7');
    expect([certificate.ca, certificate.keyUsage]).toEqual([false, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']]);
    expect(made.serial).toBe(certificate.serialNumber.toLowerCase());
    expect(made.expiresAt).toBe(NOW + 397 * DAY_MS);
  });

  it('comes with another key each time, which does not stand in it', async () => {
    const authority = await certifier.makeAuthority('bde lab', NOW);

    const [one, other] = await Promise.all([1, 2].map(() => certifier.certify(authority, SUBJECT, NOW)));

    expect(one!.key.reveal()).not.toBe(other!.key.reveal());
    expect(one!.serial).not.toBe(other!.serial);
    expect(one!.certificate).not.toContain('PRIVATE');
  });

  it('does not outlive its authority', async () => {
    const authority = await certifier.makeAuthority('bde lab', NOW);

    const late = await certifier.certify(authority, SUBJECT, authority.expiresAt - DAY_MS);

    expect(late.expiresAt).toBe(authority.expiresAt);
  });

  it('takes a node name that is longer than a common name may be', async () => {
    const name = `${'long-'.repeat(13)}0`;
    const authority = await certifier.makeAuthority('bde lab', NOW);

    const made = await certifier.certify(authority, { names: [name], addresses: [] }, NOW);

    expect(new X509Certificate(made.certificate).checkHost(name)).toBe(name);
  });
});

it('names two authorities of one cluster differently', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => certifier.makeAuthority('bde lab', NOW)));

  const subjects = [one, other].map((each) => new X509Certificate(each!.certificate).subject);
  expect(subjects[0]).toMatch(/^CN=bde lab [0-9a-f]{8}$/);
  expect(subjects[0]).not.toBe(subjects[1]);
});
