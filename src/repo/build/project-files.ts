import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { FileSource, PackageDefinition } from '../definition/repo-definition.js';
import { repoFailed } from '../repo-error.js';
import { listTree } from './list-tree.js';

/** A file of the project that goes into a package. */
export interface ProjectFile {
  readonly source: string;
  /** Where it lies on the node. */
  readonly target: string;
  readonly isExecutable: boolean;
}

/** What is never part of a package, wherever it lies. */
const LEFT_OUT = /(^|\/)(\.|__pycache__(\/|$))|\.pyc$/;

/** From where `from` is read, and out of which folder it may not lead. */
export interface ProjectPlace {
  readonly buildFile: string;
  readonly projectRoot: string;
}

/**
 * The files that a `from` stands for: itself, or all below it; hidden files and Python's caches are left out.
 *
 * @throws BdeError `REPO_FAILED` when it is not there or leads out of the project
 */
export async function listProjectFiles(
  given: FileSource,
  from: string,
  place: ProjectPlace,
): Promise<readonly ProjectFile[]> {
  const source = await locate(from, place);
  if ((await stat(source)).isFile()) return [await projectFile(source, given.path)];
  const files = (await listTree(source)).filter(({ path, kind }) => kind === 'file' && !LEFT_OUT.test(path));
  return Promise.all(files.map(({ path }) => projectFile(join(source, path), join(given.path, path))));
}

async function projectFile(source: string, target: string): Promise<ProjectFile> {
  return { source, target, isExecutable: ((await stat(source)).mode & 0o111) !== 0 };
}

/** A digest over all project files of a package: their places, contents and executable bits. */
export async function digestProjectFiles(definition: PackageDefinition, place: ProjectPlace): Promise<string> {
  const hash = createHash('sha256');
  for (const file of definition.files) {
    if (!('from' in file.source)) continue;
    for (const each of await listProjectFiles(file, file.source.from, place)) {
      const content = createHash('sha256')
        .update(await readFile(each.source))
        .digest('hex');
      hash.update(JSON.stringify([each.target, each.isExecutable, content]));
    }
  }
  return hash.digest('hex');
}

async function locate(from: string, { buildFile, projectRoot }: ProjectPlace): Promise<string> {
  const wanted = resolve(dirname(buildFile), from);
  try {
    const found = await realpath(wanted);
    if (found.startsWith((await realpath(projectRoot)) + sep)) return found;
  } catch (cause) {
    throw repoFailed(`${buildFile} takes ${from}, and there is no ${wanted}.`, {
      subject: { file: buildFile },
      hint: `Make ${basename(wanted)} there, or name another path.`,
      cause,
    });
  }
  throw repoFailed(`${buildFile} takes ${from}, which leads out of ${projectRoot}.`, { subject: { file: buildFile } });
}
