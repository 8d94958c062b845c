import type { BackupManifest } from '../engine/ports/backups.js';
import type { Sealer } from '../engine/ports/sealer.js';
import { BdeError } from '../errors/bde-error.js';

/** The version that this bde writes. */
const MANIFEST_VERSION = 1;

/** The file in a backup's folder that says what the backup is. */
export const MANIFEST_FILE = 'manifest.json';

/** A manifest as it is written, with a signature by the identity over all of it. */
export function printManifest(sealer: Pick<Sealer, 'sign'>, manifest: BackupManifest): string {
  return `${JSON.stringify({ manifest, signature: sealer.sign(signedBytes(manifest)) }, null, 2)}\n`;
}

/**
 * A manifest, once it is verified.
 *
 * @throws BdeError `BACKUP_INVALID` where it is none or of another format, `IDENTITY_MISSING` where the identity did not sign it
 */
export function openManifest(
  sealer: Pick<Sealer, 'verify' | 'identityPath'>,
  text: string,
  folder: string,
): BackupManifest {
  const { manifest, signature } = parseSigned(text, folder);
  // A newer bde may have written it.
  if ((manifest.formatVersion as number) !== MANIFEST_VERSION) {
    throw invalidBackup(
      folder,
      `is of format ${String(manifest.formatVersion)}; this bde reads ${String(MANIFEST_VERSION)}`,
      'Use the bde that took it.',
    );
  }
  if (sealer.verify(signedBytes(manifest), signature)) return manifest;
  throw new BdeError(
    'IDENTITY_MISSING',
    `The backup ${folder} is not signed by the operator identity ${sealer.identityPath}: another one took it, or it was changed.`,
    { hint: 'Set BDE_IDENTITY to the identity that took it.', subject: { file: folder } },
  );
}

/** The error for a backup that cannot be used. `what` completes the sentence. */
export function invalidBackup(folder: string, what: string, hint: string, cause?: unknown): BdeError {
  return new BdeError('BACKUP_INVALID', `The backup ${folder} ${what}.`, { hint, subject: { file: folder }, cause });
}

interface SignedManifest {
  readonly manifest: BackupManifest;
  readonly signature: string;
}

function parseSigned(text: string, folder: string): SignedManifest {
  try {
    const { manifest, signature } = JSON.parse(text) as Partial<SignedManifest>;
    if (typeof manifest === 'object' && typeof signature === 'string') return { manifest, signature };
  } catch {
    // What it is instead is of no interest.
  }
  throw invalidBackup(folder, 'has a manifest that bde did not write', 'Name a folder that bde cluster backup made.');
}

/** After a line that no other signed thing of bde begins with. */
function signedBytes(manifest: BackupManifest): Buffer {
  return Buffer.from(`bde cluster backup\n${JSON.stringify(manifest)}`);
}
