import { readFile } from 'node:fs/promises';
import { BdeError } from '../../errors/bde-error.js';

/**
 * The text of a file; undefined where there is none.
 *
 * @throws BdeError `FILE_UNREADABLE` for one that is there and cannot be read
 */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new BdeError('FILE_UNREADABLE', `${path} cannot be read (${code}).`, {
      subject: { file: path },
      cause: error,
    });
  }
}
