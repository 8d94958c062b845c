import { writeFile } from 'node:fs/promises';
import { BdeError } from '../../errors/bde-error.js';
import { initSpec } from '../../spec/init-spec.js';
import { isSpecFile } from './read-catalogue.js';

/**
 * The spec to start from, written to a new file where one is named.
 *
 * @throws BdeError `USAGE` for a name that no spec file has, and for a file that cannot be made
 */
export async function writeFirstSpec(
  file: string | undefined,
): Promise<{ readonly file: string | null; readonly text: string }> {
  const text = initSpec();
  if (file === undefined) return { file: null, text };
  if (!/\.jsonc?$/i.test(file)) throw notJson(file);
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    throw notMade(file, cause);
  }
  return { file, text };
}

function notJson(file: string): BdeError {
  const reason = isSpecFile(file) ? 'the spec to start from is JSON with comments' : 'a spec file ends in .json';
  return new BdeError('USAGE', `${file} is not the name of a JSON file: ${reason}.`, {
    subject: { file },
    hint: 'Name a file that ends in .json.',
  });
}

function notMade(file: string, cause: unknown): BdeError {
  const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
  const reason = exists ? 'it exists already' : cause instanceof Error ? cause.message : String(cause);
  return new BdeError('USAGE', `The file ${file} cannot be made: ${reason}.`, {
    subject: { file },
    hint: 'Name another file.',
    cause,
  });
}
