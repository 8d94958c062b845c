import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BdeError } from '../../errors/bde-error.js';
import { listIfThere, lstatIfThere, readIfThere } from '../if-there.js';
import { repoFailed } from '../repo-error.js';
import { DocumentReader } from './document-reader.js';
import type { RepoDefinition, SourceFolder } from './repo-definition.js';
import { COOKBOOK_NAME, LINE, PACKAGE_NAME, REPO_NAME } from './text-rules.js';

/** What a rehearsal repo is called: its repo's name with this behind it. */
export const REHEARSAL_SUFFIX = '-rehearsal';

/** Names of the repos that have a definition in any of the folders, sorted. */
export async function listRepoNames(folders: readonly SourceFolder[]): Promise<readonly string[]> {
  const names = await Promise.all(folders.map(({ path }) => namesIn(path)));
  return [...new Set(names.flat())].sort();
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = (await listIfThere(folder)).filter((name) => REPO_NAME.pattern.test(name));
  const defined = await Promise.all(names.map((name) => lstatIfThere(join(folder, name, 'repo.yaml'))));
  return names.filter((_, index) => defined[index] !== undefined);
}

/**
 * The definition of one repo.
 *
 * @throws BdeError `REPO_FAILED` when there is none of that name, or two, or it does not fit its format
 */
export async function readRepoDefinition(folders: readonly SourceFolder[], name: string): Promise<RepoDefinition> {
  const { bound, folder, text } = await findRepo(folders, name);
  const buildFile = join(folder, 'build.yaml');
  const hasFiles = (await lstatIfThere(join(folder, 'files'))) !== undefined;
  return {
    ...parseRepoFile(text, join(folder, 'repo.yaml'), hasFiles),
    name,
    folder,
    buildFile: (await lstatIfThere(buildFile)) === undefined ? null : buildFile,
    bound,
  };
}

/** Where a repo is defined, and as what. */
interface FoundRepo {
  readonly folder: string;
  readonly bound: string;
  readonly text: string;
}

async function findRepo(folders: readonly SourceFolder[], name: string): Promise<FoundRepo> {
  const looks = folders.map(async ({ path, bound }) => {
    const folder = join(path, name);
    const text = REPO_NAME.pattern.test(name) ? await readIfThere(join(folder, 'repo.yaml')) : undefined;
    return text === undefined ? [] : [{ folder, bound, text }];
  });
  const [found, twin] = (await Promise.all(looks)).flat();
  if (found === undefined) throw await unknownRepo(folders, name);
  if (twin === undefined) return found;
  throw repoFailed(`The package repo ${name} is there twice, in ${found.folder} and in ${twin.folder}.`, {
    hint: 'Give one of them another name, or leave its folder out.',
  });
}

async function unknownRepo(folders: readonly SourceFolder[], name: string): Promise<BdeError> {
  const known = await listRepoNames(folders);
  const looked = folders.map(({ path }) => join(path, REPO_NAME.pattern.test(name) ? name : '<name>', 'repo.yaml'));
  return repoFailed(`There is no package repo ${JSON.stringify(name)}; there are: ${known.join(', ') || 'none'}.`, {
    hint: `Write ${looked.join(' or ')}, name another folder with --repos, or name a repo that is there.`,
  });
}

/**
 * The definition of a repo and of all that it requires, directly or not; what is required comes first.
 *
 * @throws BdeError `REPO_FAILED` as {@link readRepoDefinition} does, and for repos that require each other
 */
export async function readRepoWithRequired(
  folders: readonly SourceFolder[],
  name: string,
): Promise<readonly RepoDefinition[]> {
  const done = new Map<string, RepoDefinition>();
  const visit = async (each: string, way: readonly string[]): Promise<void> => {
    if (done.has(each)) return;
    if (way.includes(each)) throw repoFailed(`Package repos require each other: ${[...way, each].join(' → ')}.`);
    const definition = await readRepoDefinition(folders, each);
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
): Omit<RepoDefinition, 'name' | 'folder' | 'buildFile' | 'bound'> {
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
