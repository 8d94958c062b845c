import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Secret } from '../errors/secret.js';

/** A key pair as OpenSSH writes it. */
export interface OpenSshKeyPair {
  readonly privateOpenSsh: Secret;
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicOpenSsh: string;
}

const TYPE = 'ssh-ed25519';
const MAGIC = Buffer.from('openssh-key-v1\0');
/** Unencrypted keys are padded to the block size of no cipher. */
const BLOCK_BYTES = 8;
const LINE_LENGTH = 70;
/** Both halves of an ed25519 key are the last so many bytes of their DER form (RFC 8410). */
const KEY_BYTES = 32;

/**
 * A new ed25519 pair in OpenSSH's format (https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key).
 *
 * Not by ssh2's generator: it strips leading zero bytes, so that one of 256 of its keys is refused by everyone, itself
 * included (https://github.com/mscdex/ssh2/issues/1390). Not by way of a JWK: where Node 20 collects garbage in the middle of such
 * an export, it waits for itself for ever, once in some thousands of keys.
 */
export function generateKeyPair(comment: string): OpenSshKeyPair {
  const pair = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
  const publicKey = pair.publicKey.subarray(-KEY_BYTES);
  const seed = pair.privateKey.subarray(-KEY_BYTES);
  const publicBlob = Buffer.concat([field(TYPE), field(publicKey)]);
  const file = Buffer.concat([
    MAGIC,
    ...[field('none'), field('none'), field('')],
    uint32(1),
    field(publicBlob),
    field(privateSection({ publicBlob, secret: Buffer.concat([seed, publicKey]), comment })),
  ]);
  return {
    privateOpenSsh: new Secret(armour(file)),
    publicOpenSsh: `${TYPE} ${publicBlob.toString('base64')} ${comment}`,
  };
}

interface PrivateSection {
  readonly publicBlob: Buffer;
  readonly secret: Buffer;
  readonly comment: string;
}

function privateSection({ publicBlob, secret, comment }: PrivateSection): Buffer {
  // Twice the same number: a reader with a wrong passphrase would find them unequal.
  const check = randomBytes(4);
  const content = Buffer.concat([check, check, publicBlob, field(secret), field(comment)]);
  const padding = Array.from({ length: (BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES }, (_, i) => i + 1);
  return Buffer.concat([content, Buffer.from(padding)]);
}

function armour(file: Buffer): string {
  const lines = file.toString('base64').match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

/** A length and that many bytes. */
function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
