import { BdeError } from '../errors/bde-error.js';
import type { Secret } from '../errors/secret.js';
import { createTail } from './bounded-output.js';
import type { KeptConnection } from './kept-connection.js';

/** A file to be. */
export interface NodeFile {
  /** Absolute. */
  readonly path: string;
  readonly content: Buffer | Secret;
  readonly mode: number;
}

/**
 * Writes a file atomically: a new one beside it gets its mode, then its content, then the name.
 *
 * @throws BdeError `NODE_FAILED` (disk full, a folder of that name), `CONNECT_LOST`
 */
export async function writeNodeFile(connection: KeptConnection, node: string, file: NodeFile): Promise<void> {
  if (!/^\/.*[^/]$/s.test(file.path)) throw new TypeError(`"${file.path}" is no absolute path of a file`);
  const payload = Buffer.isBuffer(file.content) ? file.content : Buffer.from(file.content.reveal());
  await connection.repeat(async (shell) => {
    const said = createTail(2048);
    const status = await shell.exchange({
      verb: 'write',
      args: [file.path, file.mode.toString(8), String(payload.length)],
      payload,
      onData: (_, chunk) => said.push(chunk),
    });
    if (status === 0) return;
    throw new BdeError('NODE_FAILED', `${file.path} could not be written on ${node}: ${said.text().trim()}`, {
      subject: { node },
    });
  });
}
