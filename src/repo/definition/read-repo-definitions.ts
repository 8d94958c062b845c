import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listIfThere, lstatIfThere, readIfThere } from '../if-there.js';
import { repoFailed } from '../repo-error.js';
import { DocumentReader } from './document-reader.js';
import type { RepoDefinition } from './repo-definition.js';
import { COOKBOOK_NAME, LINE, PACKAGE_NAME, REPO_NAME } from './text-rules.js';

/** What a rehearsal repo is called: its repo's name with this behind it. */
export const REHEARSAL_SUFFIX = '-rehearsal';

/** Names of the repos that have a definition, sorted. */
export async function listRepoNames(reposRoot: string): Promise<readonly string[]> {
  const names = (await listIfThere(reposRoot)).filter((name) => REPO_NAME.pattern.test(name));
  const defined = await Promise.all(names.map((name) => lstatIfThere(join(reposRoot, name, 'repo.yaml'))));
  return names.filter((_, index) => defined[index] !== undefined);
}

/**
 * The definition of one repo.
 *
 * @throws BdeError `REPO_FAILED` when there is none of that name or it does not fit its format
 */
export async function readRepoDefinition(reposRoot: string, name: string): Promise<RepoDefinition> {
  const folder = join(reposRoot, name);
  const file = join(folder, 'repo.yaml');
  const text = REPO_NAME.pattern.test(name) ? await readIfThere(file) : undefined;
  if (text === undefined) {
    const known = await listRepoNames(reposRoot);
    throw repoFailed(`There is no package repo ${JSON.stringify(name)}; there are: ${known.join(', ') || 'none'}.`, {
      hint: `Write ${join(reposRoot, '<name>', 'repo.yaml')}, or name one that is there.`,
    });
  }
  const buildFile = join(folder, 'build.yaml');
  const hasFiles = (await lstatIfThere(join(folder, 'files'))) !== undefined;
  return {
    ...parseRepoFile(text, file, hasFiles),
    name,
    folder,
    buildFile: (await lstatIfThere(buildFile)) === undefined ? null : buildFile,
  };
}

/**
 * The definition of a repo and of all that it requires, directly or not; what is required comes first.
 *
 * @throws BdeError `REPO_FAILED` as {@link readRepoDefinition} does, and for repos that require each other
 */
export async function readRepoWithRequired(reposRoot: string, name: string): Promise<readonly RepoDefinition[]> {
  const done = new Map<string, RepoDefinition>();
  const visit = async (each: string, way: readonly string[]): Promise<void> => {
    if (done.has(each)) return;
    if (way.includes(each)) throw repoFailed(`Package repos require each other: ${[...way, each].join(' → ')}.`);
    const definition = await readRepoDefinition(reposRoot, each);
    for (const required of definition.requires) await visit(required, [...way, each]);
    done.set(each, definition);
  };
  await visit(name, []);
  return [...done.values()];
}

function parseRepoFile(
  text: string,
  file: string,
  hasFiles: boolean,
): Omit<RepoDefinition, 'name' | 'folder' | 'buildFile'> {
  const reader = new DocumentReader(text, file);
  const given = reader.root.fields(['formatVersion', 'summary', 'packages', 'requires', 'rehearsal']);
  if (given.formatVersion.count(0) !== 1) given.formatVersion.refuse('must be 1, the format that this bde reads.');
  const packages = given.packages.list().map((each) => each.text(PACKAGE_NAME));
  if (packages.length === 0 && !hasFiles) {
    given.packages.refuse('is empty, and there is no folder files/; name what clusters install from this repo.');
  }
  const definition = {
    summary: given.summary.text(LINE),
    packages: [...new Set(packages)].sort(),
    requires: given.requires.list().map((each) => each.text(REPO_NAME)),
    rehearsal: given.rehearsal.list().map((each) => each.text(COOKBOOK_NAME)),
  };
  reader.finish();
  return definition;
}

/**
 * The text of a build file.
 *
 * @throws BdeError `REPO_FAILED` where it cannot be read
 */
export async function readBuildFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw repoFailed(`The build file ${file} cannot be read.`, { subject: { file }, cause });
  }
}
