import { randomUUID } from 'node:crypto';
import { Secret } from '../../src/errors/secret.js';
import type { CertifiedKey, Certifier } from '../../src/engine/ports/certifier.js';

const DAY_MS = 24 * 3600 * 1000;
const AUTHORITY_DAYS = 3650;
const NODE_DAYS = 397;

/** What stands in every key that this makes: for looking whether one is somewhere where it should not be. */
export const KEY_SENTINEL = 'a-private-key-of';

/** Certificates of the right outside: PEM around a text that says what they are for. Nothing verifies them. */
export function plainCertifier(): Certifier {
  return {
    makeAuthority: (name, nowMs) => Promise.resolve(made(name, nowMs + AUTHORITY_DAYS * DAY_MS)),
    certify: (authority, { names, addresses }, nowMs) =>
      Promise.resolve(
        made(
          `${[...names, ...addresses].join(' ')} by ${authority.serial}`,
          Math.min(nowMs + NODE_DAYS * DAY_MS, authority.expiresAt),
        ),
      ),
  };
}

function made(subject: string, expiresAt: number): CertifiedKey {
  const serial = randomUUID().replaceAll('-', '');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${serial} ${subject}\n-----END CERTIFICATE-----\n`,
    key: new Secret(`-----BEGIN PRIVATE KEY-----\n${KEY_SENTINEL}-${serial}\n-----END PRIVATE KEY-----\n`),
    serial,
    expiresAt,
  };
}
