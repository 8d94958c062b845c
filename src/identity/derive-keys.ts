import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Secret } from '../errors/secret.js';

/** What a key is for; one context, one key. Never change a text: old signatures and digests would be void. */
export type KeyContext = 'bde/v1/sign' | 'bde/v1/recovery-ssh' | `bde/v1/mac/${string}`;

const KEY_BYTES = 32;

/** 32 bytes that the identity and the context determine: HKDF-sha256 over the text of the age identity, without a salt. */
export function deriveKey(identity: Secret, context: KeyContext): Buffer {
  return Buffer.from(hkdfSync('sha256', identity.reveal(), Buffer.alloc(0), context, KEY_BYTES));
}

/** PKCS#8 of an ed25519 key up to its seed (RFC 8410, section 7); Node takes no bare seed. */
const PKCS8_ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An ed25519 key pair. */
export interface Ed25519KeyPair {
  readonly seed: Buffer;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The 32 bytes of the public key. */
  readonly publicBytes: Buffer;
}

/** The ed25519 key pair that a 32-byte seed determines. */
export function ed25519FromSeed(seed: Buffer): Ed25519KeyPair {
  const der = Buffer.concat([PKCS8_ED25519_PREFIX, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  // The last 32 bytes of its DER form are the key itself.
  const publicBytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { seed, privateKey, publicKey, publicBytes };
}
