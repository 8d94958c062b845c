import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from './project.js';

/** A later version of a package that the project has, and what else is other in it. */
export interface NextVersion {
  readonly repo: string;
  readonly version: string;
  /** Texts of the package's `build.yaml`, and what stands in their place. */
  readonly edits?: readonly (readonly [from: string, to: string])[];
}

/**
 * Gives a project a distro of the same name in a later version: its packages are those of the version before, built under
 * the next number in a repo of its own. All of it is data.
 */
export async function addNextVersion(
  project: Project,
  distro: { readonly name: string; readonly version: string; readonly repos: readonly string[] },
  next: NextVersion,
): Promise<void> {
  const name = `${next.repo}-${distro.version.replaceAll('.', '-')}`;
  await copyRepo(project, name, next);
  const manifest = join(project.root, 'distros', 'manifest.json');
  const entries = JSON.parse(await readFile(manifest, 'utf8')) as { readonly name: string }[];
  const entry = entries.find((each) => each.name === distro.name);
  if (entry === undefined) throw new Error(`there is no distro ${distro.name}`);
  const later = {
    ...entry,
    version: distro.version,
    repos: distro.repos.map((repo) => (repo === next.repo ? name : repo)),
  };
  await writeFile(manifest, JSON.stringify([...entries, later], null, 2));
}

async function copyRepo(project: Project, name: string, { repo, version, edits = [] }: NextVersion): Promise<void> {
  const folder = join(project.root, 'repos', repo);
  const target = join(project.root, 'repos', name);
  await mkdir(target);
  await writeFile(join(target, 'repo.yaml'), await readFile(join(folder, 'repo.yaml')));
  const build = await readFile(join(folder, 'build.yaml'), 'utf8');
  const numbered = [[/^( +version:).*$/m, `$1 '${version}'`] as const, ...edits];
  const text = numbered.reduce((done, [from, to]) => {
    const changed = done.replace(from, to);
    if (changed === done) throw new Error(`build.yaml of ${repo} has no ${String(from)}`);
    return changed;
  }, build);
  await writeFile(join(target, 'build.yaml'), text);
}
