import { BdeError } from '../../errors/bde-error.js';
import { Secret } from '../../errors/secret.js';
import { readBytes } from '../../files/read-text.js';
import { askSecret } from '../ask-secret.js';

/** Where a value came from, for the audit. */
export type ValueOrigin = 'file' | 'prompt' | 'stdin';

/** Larger ones are no secret of a configuration. */
const MAX_BYTES = 64 * 1024;

/**
 * The value of a secret: of a file, of standard input, or asked for where that is a terminal. One line end at its end is no
 * part of it, for editors and `echo` put it there.
 *
 * @throws BdeError `USAGE` for what is no text, empty or too long; `FILE_UNREADABLE`
 */
export async function readSecretValue(
  file: string | undefined,
): Promise<{ readonly value: Secret; readonly from: ValueOrigin }> {
  if (file !== undefined) return { value: parseValue(await readBytes(file, MAX_BYTES), file), from: 'file' };
  if (process.stdin.isTTY) return { value: await askSecret('New value'), from: 'prompt' };
  return { value: parseValue(await readInput(), 'standard input'), from: 'stdin' };
}

async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw refused(`is longer than ${String(MAX_BYTES)} bytes`, 'standard input');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseValue(bytes: Buffer, where: string): Secret {
  const text = decode(bytes, where).replace(/\r?\n$/, '');
  if (text === '') throw refused('is empty', where);
  if (text.includes('\0')) throw refused('holds a NUL, which no script can carry', where);
  return new Secret(text);
}

function decode(bytes: Buffer, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The decoder's error may quote what it was given.
    throw refused('is no UTF-8 text', where);
  }
}

function refused(what: string, where: string): BdeError {
  return new BdeError('USAGE', `The value from ${where} ${what}; nothing was set.`, {
    hint: 'Give the value on standard input or by --file PATH, as one text.',
  });
}
