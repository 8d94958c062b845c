import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { BdeError } from '../errors/bde-error.js';

/** A file that people write, as text. */
export interface TextFile {
  /** As it was asked for: for messages. */
  readonly path: string;
  readonly text: string;
}

/** Bound of every file that is read as text; larger ones are refused unread. */
export const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/**
 * A UTF-8 file.
 *
 * @throws BdeError `FILE_UNREADABLE` where it is missing, no regular file, or closed to us; `SYNTAX_INVALID` where it is
 *   too large or no UTF-8
 */
export async function readText(path: string): Promise<TextFile> {
  return { path, text: decode(path, await readBytes(path, MAX_TEXT_BYTES)) };
}

/** The same, or undefined where there is no such file. */
export async function readTextIfThere(path: string): Promise<TextFile | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof BdeError && error.data['errno'] === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The bytes of a regular file, at most that many: the size is that of the open file, so a file that grows is cut off by
 * the same bound.
 *
 * @throws BdeError as `readText`
 */
export async function readBytes(path: string, maxBytes: number): Promise<Buffer> {
  try {
    // Without the flag a fifo would block here, before anyone can see that it is one.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw unreadable(path, 'is no regular file');
      if (facts.size > maxBytes) throw tooLarge(path, facts.size, maxBytes);
      const content = await file.readFile();
      if (content.length > maxBytes) throw tooLarge(path, content.length, maxBytes);
      return content;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof BdeError ? error : fromSystem(path, error);
  }
}

/**
 * The real path of something that must not leave a folder, by `..` or by a symbolic link.
 *
 * @throws BdeError `FILE_UNREADABLE`
 */
export async function realPathInside(root: string, path: string): Promise<string> {
  const [realRoot, real] = await Promise.all([resolveReal(root), resolveReal(path)]);
  if (real === realRoot || real.startsWith(`${realRoot}/`)) return real;
  throw unreadable(path, `leads out of ${root}, to ${real}`);
}

/**
 * A path without symbolic links.
 *
 * @throws BdeError `FILE_UNREADABLE`
 */
export async function resolveReal(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw fromSystem(path, error);
  }
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new BdeError('SYNTAX_INVALID', `${path} is not UTF-8 text`, { subject: { file: path }, cause: error });
  }
}

function tooLarge(path: string, bytes: number, maxBytes: number): BdeError {
  const mebibytes = (size: number) => (size / 1024 / 1024).toFixed(1);
  const message = `${path} is ${mebibytes(bytes)} MiB; at most ${mebibytes(maxBytes)} MiB are read`;
  return new BdeError('SYNTAX_INVALID', message, { subject: { file: path } });
}

function unreadable(path: string, problem: string): BdeError {
  return new BdeError('FILE_UNREADABLE', `${path} ${problem}`, { subject: { file: path } });
}

const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist: part of its path is no folder',
  EISDIR: 'is a folder, not a file',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a symbolic link that leads in a circle',
  ENAMETOOLONG: 'has a name that is too long',
};

/** An error of the operating system, in words; anything that is none is passed on. */
export function fromSystem(path: string, error: unknown): unknown {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (errno === undefined || !(error instanceof Error)) return error;
  const words = SYSTEM_WORDS[errno] ?? `cannot be read: ${error.message}`;
  return new BdeError('FILE_UNREADABLE', `${path} ${words}`, {
    subject: { file: path },
    cause: error,
    data: { errno },
  });
}
