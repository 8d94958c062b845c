import { chmod, copyFile, lstat, mkdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { DebianSource, FileSource, OwnedPath, PackageDefinition } from '../definition/repo-definition.js';
import { NODE_PATH } from '../definition/text-rules.js';
import { lstatIfThere } from '../if-there.js';
import { repoFailed } from '../repo-error.js';
import { runTool } from '../run-tool.js';
import { listTree } from './list-tree.js';
import type { PackageEntry } from './package-entry.js';
import { mergeUsr, pickPaths } from './pick-paths.js';
import { listProjectFiles, type ProjectPlace } from './project-files.js';

/** Where a package is laid out. */
export interface LayoutPlace extends ProjectPlace {
  /** Paths of the Debian package files, in the order of the definition's sources. */
  readonly debs: readonly string[];
  /** An empty folder to unpack into. */
  readonly scratch: string;
  /** An empty folder that becomes the package's `/`. */
  readonly root: string;
}

/**
 * Lays the files of a package out below `root`; its file list, sorted by path. Shared folders are nobody's: listed are
 * those folders alone that the definition names.
 *
 * @throws BdeError `REPO_FAILED` when a source lacks what is taken from it
 */
export async function layOutPackage(
  definition: PackageDefinition,
  place: LayoutPlace,
): Promise<readonly PackageEntry[]> {
  for (const [index, source] of definition.debian.entries()) {
    await takeFromDebian(source, place, join(place.scratch, String(index)), place.debs[index] ?? '');
  }
  const picked = await Promise.all(
    (await listTree(place.root)).filter(({ kind }) => kind !== 'folder').map(pickedEntry(place)),
  );
  const written: PackageEntry[] = [];
  for (const file of definition.files) written.push(...(await layFiles(file, place)));
  for (const folder of definition.folders) written.push(await layFolder(folder, place.root));
  for (const link of definition.links) written.push(await layLink(link, place.root));
  return mergeEntries(picked, written);
}

async function takeFromDebian(source: DebianSource, place: LayoutPlace, scratch: string, deb: string): Promise<void> {
  await runTool(['dpkg-deb', '--extract', deb, scratch]);
  const paths = (await listTree(scratch)).filter(({ kind }) => kind !== 'folder').map(({ path }) => path);
  for (const pick of source.pick) {
    // Debian 12 packages may still ship files in /bin or /lib, whatever the picks say.
    const taken = pickPaths(paths.map(mergeUsr), pick);
    if (taken.length === 0) {
      throw repoFailed(`${source.package} has nothing at ${pick}, which ${place.buildFile} takes from it.`, {
        hint: `See \`dpkg-deb --contents ${deb}\`, and name a path that is there.`,
        subject: { file: place.buildFile },
      });
    }
    for (const path of paths.filter((each) => taken.includes(mergeUsr(each)))) {
      await moveInto(join(scratch, path), place.root, mergeUsr(path));
    }
  }
}

/** A path that two picks name is moved once. */
async function moveInto(from: string, root: string, target: string): Promise<void> {
  if ((await lstatIfThere(from)) === undefined) return;
  await rename(from, await makeWay(root, target));
}

/**
 * Makes the folders above a target and clears its place. Links that a package brings may lead to absolute paths, which
 * are this host's own here: nothing is written through one.
 */
async function makeWay(root: string, target: string): Promise<string> {
  const path = join(root, target);
  let above = dirname(path);
  while ((await lstatIfThere(above)) === undefined) above = dirname(above);
  const [place, top] = [await realpath(above), await realpath(root)];
  if (place !== top && !place.startsWith(top + sep)) {
    throw repoFailed(`${target} cannot be laid out: ${above.slice(root.length)} is a link out of the package.`);
  }
  await mkdir(dirname(path), { recursive: true });
  if ((await lstatIfThere(path))?.isDirectory() === true) {
    throw repoFailed(`${target} is a folder of the package already, and cannot be something else, too.`);
  }
  await rm(path, { force: true });
  return path;
}

function pickedEntry({ root, buildFile }: LayoutPlace) {
  return async ({
    path,
    kind,
  }: {
    readonly path: string;
    readonly kind: PackageEntry['kind'];
  }): Promise<PackageEntry> => {
    const target = `/${path}`;
    if (!NODE_PATH.pattern.test(target)) {
      throw repoFailed(`${JSON.stringify(target)} cannot go into an RPM; allowed is ${NODE_PATH.allowed}.`, {
        subject: { file: buildFile },
        hint: 'Leave it out by picking narrower paths.',
      });
    }
    const mode = octal((await lstat(join(root, path))).mode);
    // What an operator may edit lies in /etc by Debian's own rule.
    return {
      path: target,
      kind,
      owner: 'root',
      group: 'root',
      mode,
      config: kind === 'file' && path.startsWith('etc/'),
    };
  };
}

async function layFiles(file: FileSource, place: LayoutPlace): Promise<readonly PackageEntry[]> {
  const { source, owner, group, config } = file;
  const entry = { kind: 'file', owner, group, config } as const;
  if ('content' in source) {
    await writeBelow(place.root, file.path, (path) => writeFile(path, source.content));
    return [{ ...entry, path: file.path, mode: file.mode ?? '0644' }];
  }
  const files = await listProjectFiles(file, source.from, place);
  for (const each of files) await writeBelow(place.root, each.target, (path) => copyFile(each.source, path));
  return files.map(({ target, isExecutable }) => ({
    ...entry,
    path: target,
    mode: file.mode ?? (isExecutable ? '0755' : '0644'),
  }));
}

async function writeBelow(root: string, target: string, write: (path: string) => Promise<void>): Promise<void> {
  const path = await makeWay(root, target);
  await write(path);
  await chmod(path, 0o644);
}

async function layFolder(folder: OwnedPath, root: string): Promise<PackageEntry> {
  if ((await lstatIfThere(join(root, folder.path)))?.isDirectory() !== true)
    await mkdir(await makeWay(root, folder.path));
  return { ...folder, kind: 'folder', config: false };
}

async function layLink(link: { readonly path: string; readonly to: string }, root: string): Promise<PackageEntry> {
  await symlink(link.to, await makeWay(root, link.path));
  return { path: link.path, kind: 'link', owner: 'root', group: 'root', mode: '0777', config: false };
}

/** What the definition writes wins over what a Debian package brings to the same path. */
function mergeEntries(picked: readonly PackageEntry[], written: readonly PackageEntry[]): readonly PackageEntry[] {
  const byPath = new Map([...picked, ...written].map((entry) => [entry.path, entry]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
