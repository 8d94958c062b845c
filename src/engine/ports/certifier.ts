import type { Secret } from '../../errors/secret.js';

/** A private key and the certificate of its public half. */
export interface CertifiedKey {
  /** PEM, one certificate. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: Secret;
  /** In lower-case hex; no two certificates have the same. */
  readonly serial: string;
  /** Wall time in ms: it is no longer valid after that. */
  readonly expiresAt: number;
}

/** By which names a node is found. */
export interface CertificateSubject {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** Makes keys and certificates. Keeps none: each call gives new ones. */
export interface Certifier {
  /** An authority of its own, good for ten years. Its subject is the name with 8 random hex digits behind it. */
  makeAuthority(name: string, nowMs: number): Promise<CertifiedKey>;
  /** A certificate for both sides of TLS, good for 397 days, or as long as the authority is. */
  certify(authority: CertifiedKey, subject: CertificateSubject, nowMs: number): Promise<CertifiedKey>;
}
