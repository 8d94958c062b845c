import { randomUUID } from 'node:crypto';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BdeError } from '../errors/bde-error.js';
import { Secret } from '../errors/secret.js';
import { invalidIdentity } from './identity-errors.js';

const OTHERS = 0o077;

/**
 * The text of a file that nobody else may read; undefined where there is none.
 *
 * @throws BdeError `IDENTITY_INVALID` for a file that others may read, or that we may not
 */
export async function readPrivateFile(path: string): Promise<Secret | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      // The mode of what was opened, not of what the path may name a moment later.
      refuseWideMode(path, (await file.stat()).mode);
      return new Secret(await file.readFile('utf8'));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw unusable(path, error, 'read');
  }
}

function refuseWideMode(path: string, mode: number): void {
  if ((mode & OTHERS) === 0) return;
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  throw invalidIdentity(path, `has mode ${octal}, and others must not read it (0600)`, `Run: chmod 600 ${path}`);
}

/**
 * Makes the file (0600) whole or not at all, on disk when this returns. False where one was there already, which stays.
 *
 * @throws BdeError `IDENTITY_INVALID` where the folder cannot be written
 */
export async function createPrivateFile(path: string, content: Secret): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeSynced(draft, content);
    return await linkOnce(draft, path);
  } catch (error) {
    throw unusable(path, error, 'made');
  }
}

/** `link` fails where the name is taken; `rename` would replace. */
async function linkOnce(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

async function writeSynced(path: string, content: Secret): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content.reveal());
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function unusable(path: string, error: unknown, verb: string): unknown {
  if (error instanceof BdeError || !(error instanceof Error)) return error;
  return new BdeError('IDENTITY_INVALID', `The operator identity ${path} cannot be ${verb}: ${error.message}.`, {
    hint: 'Check owner and mode of its folder, or set BDE_IDENTITY to a path of your own.',
    subject: { file: path },
    cause: error,
  });
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
