import { createHash } from 'node:crypto';

/** sha256 of bytes, or of a text as UTF-8, in lower-case hex: what `sha256sum` prints on the node. */
export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
