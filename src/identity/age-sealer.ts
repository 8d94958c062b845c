import { createHmac, sign, verify } from 'node:crypto';
import { armor, Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import type { Sealer } from '../engine/ports/sealer.js';
import { BdeError } from '../errors/bde-error.js';
import { Secret } from '../errors/secret.js';
import { openStream, sealStream } from './age-streams.js';
import { deriveKey, ed25519FromSeed } from './derive-keys.js';
import { invalidIdentity, otherIdentity } from './identity-errors.js';
import { privateOpenSsh, publicOpenSsh } from './openssh-key.js';
import { recoveryAuthorizedKey } from './record-commands.js';

const RECOVERY_COMMENT = 'bde-recovery';

/**
 * A sealer over one age identity. Keys live in closures: nothing of them shows when the sealer is inspected or
 * serialised.
 *
 * @throws BdeError `IDENTITY_INVALID`
 */
export async function createAgeSealer(
  identity: Secret,
  origin: { readonly path: string; readonly createdNow: boolean },
): Promise<Sealer> {
  const recipient = await recipientOf(identity, origin.path);
  const signing = ed25519FromSeed(deriveKey(identity, 'bde/v1/sign'));
  return {
    identityPath: origin.path,
    createdNow: origin.createdNow,
    seal: (value) => seal(recipient, value),
    open: (sealed) => open(identity, sealed, origin.path),
    sealStream: (content) => sealStream(recipient, content),
    openStream: (sealed) => openPieces(identity, sealed, origin.path),
    mac: (context, value) =>
      createHmac('sha256', deriveKey(identity, `bde/v1/mac/${context}`))
        .update(value.reveal())
        .digest('hex'),
    sign: (content) => sign(null, content, signing.privateKey).toString('base64'),
    verify: (content, signature) => {
      const bytes = Buffer.from(signature, 'base64');
      // Decoding forgives stray characters; only the one right spelling of a signature counts.
      return bytes.toString('base64') === signature && verify(null, content, signing.publicKey, bytes);
    },
    recoveryKey: () => recoveryKey(identity),
    recoveryAuthorizedKey: () => recoveryAuthorizedKey(recoveryKey(identity).publicOpenSsh),
  };
}

function recoveryKey(identity: Secret): ReturnType<Sealer['recoveryKey']> {
  const key = ed25519FromSeed(deriveKey(identity, 'bde/v1/recovery-ssh'));
  return {
    privateOpenSsh: privateOpenSsh(key, RECOVERY_COMMENT),
    publicOpenSsh: publicOpenSsh(key, RECOVERY_COMMENT),
  };
}

/** The decoder quotes what it could not decode, so its error is dropped and not made a cause. */
async function recipientOf(identity: Secret, path: string): Promise<string> {
  try {
    return await identityToRecipient(identity.reveal());
  } catch {
    throw invalidIdentity(path, 'is mistyped or cut: its checksum does not match', 'Restore it from its backup.');
  }
}

async function seal(recipient: string, value: Secret): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(value.reveal()));
}

async function open(identity: Secret, sealed: string, path: string): Promise<Secret> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity.reveal());
  try {
    return new Secret(await decrypter.decrypt(armor.decode(sealed), 'text'));
  } catch (error) {
    throw isOtherRecipient(error) ? otherIdentity(path, error) : damagedSeal(error);
  }
}

async function* openPieces(
  identity: Secret,
  sealed: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* openStream(identity, sealed);
  } catch (error) {
    if (isSystemError(error)) throw error;
    throw isOtherRecipient(error) ? otherIdentity(path, error) : damagedSeal(error);
  }
}

/** What could not be read is not damaged by that. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/** The library has no error codes. */
function isOtherRecipient(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('no identity matched');
}

function damagedSeal(cause: unknown): BdeError {
  return new BdeError('STATE_INVALID', 'A sealed value is damaged: it is not what the identity sealed.', {
    hint: 'Restore the store from a backup, or take the cluster record of another node.',
    cause,
  });
}
