import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The completion script that the build made for a shell. */
export function readCompletion(distRoot: string, shell: string): Promise<string> {
  return readFile(join(distRoot, 'completions', `bde.${shell}`), 'utf8');
}
