import { createHash } from 'node:crypto';
import { Secret } from '../errors/secret.js';
import type { Ed25519KeyPair } from './derive-keys.js';

const KEY_TYPE = 'ssh-ed25519';
const MAGIC = Buffer.from('openssh-key-v1\0');
const LINE_LENGTH = 70;
/** Block size of the cipher `none`. */
const BLOCK_BYTES = 8;

/** One line of an `authorized_keys` or `.pub` file, without a newline. */
export function publicOpenSsh(key: Ed25519KeyPair, comment: string): string {
  return `${KEY_TYPE} ${publicBlob(key).toString('base64')} ${comment}`;
}

/**
 * An unencrypted private key file as ssh-keygen writes it; ssh2 takes no PKCS#8. The same key gives the same text.
 *
 * Format: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key
 */
export function privateOpenSsh(key: Ed25519KeyPair, comment: string): Secret {
  const file = Buffer.concat([
    MAGIC,
    string('none'), // cipher
    string('none'), // key derivation
    string(''), // its options
    uint32(1), // number of keys
    string(publicBlob(key)),
    string(padded(privatePart(key, comment))),
  ]);
  const lines = file.toString('base64').match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
  return new Secret(
    ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n'),
  );
}

function publicBlob(key: Ed25519KeyPair): Buffer {
  return Buffer.concat([string(KEY_TYPE), string(key.publicBytes)]);
}

/** The two equal words tell a reader of an encrypted file that its passphrase was right; here they only have to be equal. */
function privatePart(key: Ed25519KeyPair, comment: string): Buffer {
  const check = createHash('sha256').update(key.publicBytes).digest().subarray(0, 4);
  return Buffer.concat([
    check,
    check,
    string(KEY_TYPE),
    string(key.publicBytes),
    string(Buffer.concat([key.seed, key.publicBytes])),
    string(comment),
  ]);
}

function padded(content: Buffer): Buffer {
  const missing = (BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES;
  return Buffer.concat([content, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}

function string(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
