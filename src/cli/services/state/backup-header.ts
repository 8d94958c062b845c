import type { HomeName } from '../../../engine/ports/cluster-records.js';
import type { Sealer } from '../../../engine/ports/sealer.js';
import { BdeError } from '../../../errors/bde-error.js';
import type { Digest } from '../../../errors/ids.js';

/** The version that this bde writes. */
export const BACKUP_FORMAT_VERSION = 1;

/** What a backup says of itself before it is opened. */
export interface BackupHeader {
  readonly formatVersion: typeof BACKUP_FORMAT_VERSION;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly home: HomeName;
  readonly clusters: readonly { readonly name: string; readonly id: string; readonly epoch: number }[];
  /** sha256 of the other parts, by name. */
  readonly parts: Readonly<Record<string, Digest>>;
}

/** The header as text, with a signature by the identity over all of it. */
export function signHeader(sealer: Pick<Sealer, 'sign'>, header: BackupHeader): string {
  return `${JSON.stringify({ header, signature: sealer.sign(signedBytes(header)) })}\n`;
}

/**
 * The header of a backup, once it is verified.
 *
 * @throws BdeError `BACKUP_INVALID` where it is none, of another format, or not signed by the identity
 */
export function openHeader(sealer: Pick<Sealer, 'verify' | 'identityPath'>, text: string, file: string): BackupHeader {
  const { header, signature } = parseHeader(text, file);
  // A newer bde may have written it.
  if ((header.formatVersion as number) !== BACKUP_FORMAT_VERSION) {
    throw invalid(
      file,
      `is of format ${String(header.formatVersion)}; this bde reads ${String(BACKUP_FORMAT_VERSION)}`,
      'Use the bde that wrote it.',
    );
  }
  if (sealer.verify(signedBytes(header), signature)) return header;
  throw new BdeError(
    'IDENTITY_MISSING',
    `The backup ${file} is not signed by the operator identity ${sealer.identityPath}: another one made it, or it was changed.`,
    { hint: 'Set BDE_IDENTITY to the identity that made it.', subject: { file } },
  );
}

/** The error for a backup that cannot be used. `what` completes the sentence. */
export function invalid(file: string, what: string, hint: string): BdeError {
  return new BdeError('BACKUP_INVALID', `The backup ${file} ${what}.`, { hint, subject: { file } });
}

interface SignedHeader {
  readonly header: BackupHeader;
  readonly signature: string;
}

function parseHeader(text: string, file: string): SignedHeader {
  try {
    const { header, signature } = JSON.parse(text) as Partial<SignedHeader>;
    if (typeof header === 'object' && typeof signature === 'string') return { header, signature };
  } catch {
    // What it is instead is of no interest.
  }
  throw invalid(file, 'begins with nothing that bde wrote', 'Name a file that bde state backup made.');
}

/** After a line that no other signed thing of bde begins with. */
function signedBytes(header: BackupHeader): Buffer {
  return Buffer.from(`bde state backup\n${JSON.stringify(header)}`);
}
