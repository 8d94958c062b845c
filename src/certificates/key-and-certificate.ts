import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

/** A private key and the certificate of its public half, as they lie in one PEM file. */
export interface KeyAndCertificate {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
  /** The certificate alone. */
  readonly certificatePem: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----\n?/;
const KEY = /-----BEGIN PRIVATE KEY-----[^]+?-----END PRIVATE KEY-----\n?/;

/** Both halves of such a file; undefined where one is absent or they do not belong together. */
export function parseKeyAndCertificate(pem: string): KeyAndCertificate | undefined {
  const certificatePem = CERTIFICATE.exec(pem)?.[0];
  const keyPem = KEY.exec(pem)?.[0];
  if (certificatePem === undefined || keyPem === undefined) return undefined;
  const certificate = new X509Certificate(certificatePem);
  const key = createPrivateKey(keyPem);
  return certificate.checkPrivateKey(key) ? { key, certificate, certificatePem } : undefined;
}
