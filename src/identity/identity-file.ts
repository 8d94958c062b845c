import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Secret } from '../errors/secret.js';
import { invalidIdentity } from './identity-errors.js';

/** bech32 of 32 bytes, as `age-keygen` prints it. */
const AGE_SECRET_KEY = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/;

/** A new identity in the file format of `age-keygen`, so that `age -d -i FILE` opens what we seal. */
export async function generateIdentityFile(): Promise<Secret> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  return new Secret(`# bde operator identity: back this file up\n# public key: ${recipient}\n${identity}\n`);
}

/**
 * The one age identity of a file; comments and empty lines are skipped.
 *
 * @throws BdeError `IDENTITY_INVALID`
 */
export function parseIdentityFile(text: Secret, path: string): Secret {
  const lines = text
    .reveal()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const [identity] = lines;
  if (identity === undefined || lines.length > 1 || !AGE_SECRET_KEY.test(identity)) {
    throw invalidIdentity(
      path,
      `holds ${describe(lines)} where one line AGE-SECRET-KEY-1… is expected`,
      'Restore it from its backup.',
    );
  }
  return new Secret(identity);
}

/** Says what is wrong without a byte of it: it may be a key all the same. */
function describe(lines: readonly string[]): string {
  if (lines.length === 0) return 'nothing';
  return lines.length === 1 ? 'another line' : `${lines.length} lines`;
}
