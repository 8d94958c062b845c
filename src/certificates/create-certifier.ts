import { randomBytes } from 'node:crypto';
import type { CertifiedKey, Certifier } from '../engine/ports/certifier.js';
import { Secret } from '../errors/secret.js';
import { parseKeyAndCertificate, type KeyAndCertificate } from './key-and-certificate.js';
import { makeAuthority, makeLeafCertificate } from './make-certificate.js';

/** The longest common name that a certificate may have (RFC 5280, ub-common-name). */
const LONGEST_NAME = 64;

/** Certificates with keys on the curve P-256. */
export function createCertifier(): Certifier {
  return {
    // Two authorities of one cluster are told apart by their names: some verifiers look for an issuer by name alone.
    makeAuthority: async (name, nowMs) =>
      certifiedKey(await makeAuthority(`${name} ${randomBytes(4).toString('hex')}`, nowMs)),
    certify: async (authority, { names, addresses }, nowMs) =>
      certifiedKey(
        await makeLeafCertificate(
          requireBoth(authority.key.reveal() + authority.certificate),
          {
            commonName: (names[0] ?? addresses[0] ?? '').slice(0, LONGEST_NAME),
            dnsNames: names,
            addresses,
            usage: 'both',
          },
          nowMs,
        ),
      ),
  };
}

function certifiedKey(pem: string): CertifiedKey {
  const { key, certificate, certificatePem } = requireBoth(pem);
  return {
    certificate: certificatePem,
    key: new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString()),
    serial: certificate.serialNumber.toLowerCase(),
    expiresAt: Date.parse(certificate.validTo),
  };
}

/** What comes here was made by us. */
function requireBoth(pem: string): KeyAndCertificate {
  const both = parseKeyAndCertificate(pem);
  if (both === undefined) throw new TypeError('a certificate does not belong to its key');
  return both;
}
