// The certificate library finds its services by decorators, which need this first.
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { createPublicKey, KeyObject, randomBytes, webcrypto, type X509Certificate } from 'node:crypto';
import type { KeyAndCertificate } from './key-and-certificate.js';

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

const DAY_MS = 24 * 3600 * 1000;

/** Clocks of nodes may be behind ours. */
const BACKDATE_MS = DAY_MS;
const AUTHORITY_DAYS = 3650;

/** How long a server certificate is good for; it is made anew in time. */
export const LEAF_DAYS = 397;

/** A new authority of our own: PEM of its key and certificate, in that order. */
export async function makeAuthority(name: string, nowMs: number): Promise<string> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    ...validity(nowMs, AUTHORITY_DAYS),
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return keyPem(keys) + certificate.toString('pem') + '\n';
}

/** A new server key with a certificate for this IP address, signed by the authority: PEM of both, key first. */
export async function makeServerCertificate(
  authority: KeyAndCertificate,
  address: string,
  nowMs: number,
): Promise<string> {
  const keys = await makeKeys();
  const issuer = await importAuthority(authority);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${address}`,
    issuer: issuerName(authority.certificate),
    ...validity(nowMs, LEAF_DAYS),
    signingAlgorithm: SIGNING,
    publicKey: keys.publicKey,
    signingKey: issuer.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([{ type: 'ip', value: address }]),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return keyPem(keys) + certificate.toString('pem') + '\n';
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

async function importAuthority({ key }: KeyAndCertificate): Promise<webcrypto.CryptoKeyPair> {
  const privateDer = key.export({ type: 'pkcs8', format: 'der' });
  const publicDer = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', privateDer, KEY_ALGORITHM, false, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', publicDer, KEY_ALGORITHM, true, ['verify']),
  };
}

/** Node prints one name part a line, the library reads them with commas between. */
function issuerName(certificate: X509Certificate): string {
  return certificate.subject.split('\n').join(', ');
}

function validity(nowMs: number, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(nowMs - BACKDATE_MS), notAfter: new Date(nowMs + days * DAY_MS) };
}

/** 16 random bytes, positive as an integer. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function keyPem(keys: webcrypto.CryptoKeyPair): string {
  return KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
}
