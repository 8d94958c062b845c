import { createHash } from 'node:crypto';
import { BdeError } from '../errors/bde-error.js';

/** A host key as it stands in an OpenSSH public key line. */
export interface HostKey {
  /** `ssh-ed25519`, … */
  readonly type: string;
  /** The blob that a server shows in its key exchange. */
  readonly blob: Buffer;
}

const PUBLIC_KEY_LINE = /^(\S+) ([A-Za-z0-9+/]+={0,2})(?: .*)?$/;
/** A blob begins with its type, behind four bytes of length. */
const LENGTH_BYTES = 4;

/**
 * The keys of a text of OpenSSH public key lines, at least one.
 *
 * @throws BdeError `STATE_INVALID` where a line is none
 */
export function parseHostKeys(lines: string, node: string): readonly HostKey[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => parseHostKey(line, node));
}

/**
 * Type and blob of an OpenSSH public key line (`ssh-ed25519 AAAA… comment`).
 *
 * @throws BdeError `STATE_INVALID` where it is none
 */
export function parseHostKey(line: string, node: string): HostKey {
  const [, type = '', base64 = ''] = PUBLIC_KEY_LINE.exec(line.trim()) ?? [];
  const blob = Buffer.from(base64, 'base64');
  if (type === '' || blob.toString('latin1', LENGTH_BYTES, LENGTH_BYTES + type.length) !== type) {
    // Without the line: what was put there by mistake may be a private key.
    throw new BdeError('STATE_INVALID', `the host key recorded for ${node} is no OpenSSH public key line`, {
      subject: { node },
    });
  }
  return { type, blob };
}

/** The public key line of a blob that a server showed. */
export function publicKeyLine(blob: Buffer): string {
  const end = LENGTH_BYTES + blob.readUInt32BE(0);
  return `${blob.toString('latin1', LENGTH_BYTES, end)} ${blob.toString('base64')}`;
}

/** `SHA256:…`, as `ssh-keygen -l` prints it. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
