import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** sha256 in lower-case hex of a file from byte `start` on, read in pieces. */
export async function sha256OfFile(path: string, start = 0): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { start })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
