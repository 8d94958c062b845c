import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { BdeError } from '../../errors/bde-error.js';
import { matchesPattern } from './match-pattern.js';
import { readIfPresent } from './read-if-present.js';
import { parseSshConfig, type ConfigFile, type ConfigLine } from './ssh-config-lines.js';

/** Where relative includes are looked for, and what `~` stands for. */
export interface ConfigPlace {
  readonly folder: string;
  readonly home: string;
}

/** As deep as ssh goes. */
const DEEPEST_INCLUDE = 16;

/**
 * A configuration file with all that it includes; without lines where it is not there.
 *
 * @throws BdeError `SSH_CONFIG_INVALID` for includes that lead in a circle, `FILE_UNREADABLE`
 */
export async function readSshConfig(path: string, place: ConfigPlace): Promise<ConfigFile> {
  return readFileAt(path, place, 0);
}

async function readFileAt(path: string, place: ConfigPlace, depth: number): Promise<ConfigFile> {
  if (depth > DEEPEST_INCLUDE) {
    throw new BdeError('SSH_CONFIG_INVALID', `${path} is included more than ${DEEPEST_INCLUDE} levels deep.`, {
      hint: 'Take out the Include that leads back.',
      subject: { file: path },
    });
  }
  const lines = parseSshConfig((await readIfPresent(path)) ?? '');
  return { path, lines: await readIncludes(lines, place, depth) };
}

async function readIncludes(
  lines: readonly ConfigLine[],
  place: ConfigPlace,
  depth: number,
): Promise<readonly ConfigLine[]> {
  const read = await Promise.all(lines.map((line) => readInclude(line, place, depth)));
  return read.flat();
}

async function readInclude(line: ConfigLine, place: ConfigPlace, depth: number): Promise<readonly ConfigLine[]> {
  if (line.type === 'host' || line.type === 'match') {
    return [{ ...line, lines: await readIncludes(line.lines, place, depth) }];
  }
  if (line.type !== 'include') return [line];
  const paths = (await Promise.all(line.paths.map((path) => expandPath(fullPath(path, place))))).flat();
  const files = await Promise.all(paths.map((path) => readFileAt(path, place, depth + 1)));
  return files.map((file): ConfigLine => ({ type: 'included', file }));
}

function fullPath(path: string, { folder, home }: ConfigPlace): string {
  if (path.startsWith('~/')) return join(home, path.slice(2));
  return isAbsolute(path) ? path : join(folder, path);
}

/** The paths that a path with `*` and `?` stands for, sorted; one without is given back, there or not. */
async function expandPath(path: string): Promise<readonly string[]> {
  let found: readonly string[] = ['/'];
  for (const part of path.split('/').filter(Boolean)) {
    found = (await Promise.all(found.map((folder) => entriesLike(folder, part)))).flat();
  }
  return found;
}

async function entriesLike(folder: string, pattern: string): Promise<readonly string[]> {
  if (!/[*?]/.test(pattern)) return [join(folder, pattern)];
  const names = await readdir(folder).catch(() => []);
  const visible = names.filter((name) => !name.startsWith('.') || pattern.startsWith('.'));
  return visible
    .filter((name) => matchesPattern(pattern, name))
    .sort()
    .map((name) => join(folder, name));
}
