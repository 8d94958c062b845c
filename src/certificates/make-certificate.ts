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

/** How long a certificate that is no authority is good for. */
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

/** Who shows a certificate, and by which names it is found. */
export interface LeafSubject {
  /** For people: what is checked are the names and addresses. */
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  /** A server of TLS, or either side of it. */
  readonly usage: 'server' | 'both';
}

/** A new key with a certificate for this subject, signed by the authority, which it does not outlive: PEM of both, key first. */
export async function makeLeafCertificate(
  authority: KeyAndCertificate,
  subject: LeafSubject,
  nowMs: number,
): Promise<string> {
  const keys = await makeKeys();
  const issuer = await importAuthority(authority);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${subject.commonName}`,
    issuer: issuerName(authority.certificate),
    ...leafValidity(authority, nowMs),
    signingAlgorithm: SIGNING,
    publicKey: keys.publicKey,
    signingKey: issuer.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(subject.usage === 'server' ? [SERVER] : [SERVER, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension([
        ...subject.dnsNames.map((value) => ({ type: 'dns' as const, value })),
        ...subject.addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return keyPem(keys) + certificate.toString('pem') + '\n';
}

const SERVER = ExtendedKeyUsage.serverAuth;

function leafValidity({ certificate }: KeyAndCertificate, nowMs: number): ReturnType<typeof validity> {
  const { notBefore, notAfter } = validity(nowMs, LEAF_DAYS);
  return { notBefore, notAfter: new Date(Math.min(notAfter.getTime(), Date.parse(certificate.validTo))) };
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
