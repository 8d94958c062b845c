import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NEW_COOKBOOK_NAME, newCookbook } from '../../../cookbook/scaffold/new-cookbook.js';
import { BdeError } from '../../../errors/bde-error.js';
import { quoteText } from '../../../spec/document/quote-source.js';

/** `bde cookbook new`; `formatVersion` 1. */
export interface NewCookbook {
  readonly formatVersion: 1;
  readonly name: string;
  /** Its folder. */
  readonly path: string;
  /** From there, in the order in which they were written. */
  readonly files: readonly string[];
}

/**
 * Writes a cookbook to begin from into a new folder of its name; folders above it are made where they are missing.
 *
 * @throws BdeError `USAGE` for a name that no cookbook has, and where the folder is there already or cannot be made
 */
export async function writeNewCookbook(name: string, parent: string): Promise<NewCookbook> {
  if (!NEW_COOKBOOK_NAME.test(name)) throw badName(name);
  const path = join(parent, name);
  const files = Object.entries(newCookbook(name));
  try {
    await mkdir(parent, { recursive: true });
    // Not recursive: a folder that is there is somebody's.
    await mkdir(path);
    for (const [file, text] of files) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), text, { flag: 'wx' });
    }
  } catch (cause) {
    throw notMade(path, cause);
  }
  return { formatVersion: 1, name, path, files: files.map(([file]) => file) };
}

function badName(name: string): BdeError {
  return new BdeError('USAGE', `${quoteText(name)} is no name for a cookbook.`, {
    hint: 'Begin with a lower-case letter; then come lower-case letters, digits and _, 31 characters at most.',
  });
}

function notMade(path: string, cause: unknown): BdeError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const reasons: Readonly<Record<string, string>> = {
    EEXIST: 'it is there already',
    ENOTDIR: 'it would lie below a file',
  };
  const reason = reasons[String(code)] ?? (cause instanceof Error ? cause.message : String(cause));
  return new BdeError('USAGE', `The cookbook ${path} cannot be made: ${reason}.`, {
    subject: { file: path },
    hint: 'Choose another name, or another folder with --path DIR.',
    cause,
  });
}
