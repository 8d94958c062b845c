import { createHash } from 'node:crypto';
import { Secret } from '../../src/errors/secret.js';
import type { Sealer } from '../../src/engine/ports/sealer.js';

async function* turnBytes(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of content) yield piece.map((byte) => byte ^ 0xff);
}

/** A sealer without keys: what it seals is only spelled otherwise, so that no test finds the value in a text. */
export function plainSealer(): Sealer {
  return {
    identityPath: '/nowhere',
    createdNow: false,
    seal: (value) => Promise.resolve(`sealed:${Buffer.from(value.reveal()).toString('base64')}`),
    open: (sealed) => Promise.resolve(new Secret(Buffer.from(sealed.slice('sealed:'.length), 'base64').toString())),
    sealStream: (content) => turnBytes(content),
    openStream: (sealed) => turnBytes(sealed),
    mac: (context, value) => createHash('sha256').update(`${context}\0${value.reveal()}`).digest('hex'),
    sign: (content) => createHash('sha256').update(content).digest('base64'),
    verify: (content, signature) => createHash('sha256').update(content).digest('base64') === signature,
    recoveryKey: () => ({ privateOpenSsh: new Secret('recovery key'), publicOpenSsh: 'ssh-ed25519 AAAA recovery' }),
    recoveryAuthorizedKey: () => 'restrict ssh-ed25519 AAAA recovery',
  };
}
