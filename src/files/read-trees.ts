import { join } from 'node:path';
import { readText, readTextIfThere, realPathInside, type TextFile } from './read-text.js';

/** `specs/map.json`. */
export async function readSpecMap(specsRoot: string): Promise<TextFile> {
  return readText(join(specsRoot, 'map.json'));
}

/**
 * A spec by its path in the map.
 *
 * @throws BdeError `FILE_UNREADABLE`, also where the path leaves the folder by a symbolic link
 */
export async function readMappedSpec(specsRoot: string, path: string): Promise<TextFile> {
  const file = join(specsRoot, path);
  await realPathInside(specsRoot, file);
  return readText(file);
}

/** What lies in `distros/`: the manifest, and the roles of products that are not shipped (absent where the file is). */
export async function readDistroTree(
  distrosRoot: string,
): Promise<{ readonly manifest: TextFile; readonly retiredRoles: TextFile | undefined }> {
  const [manifest, retiredRoles] = await Promise.all([
    readText(join(distrosRoot, 'manifest.json')),
    readTextIfThere(join(distrosRoot, 'retired-roles.json')),
  ]);
  return { manifest, retiredRoles };
}

/** A site file that was named. */
export async function readSiteFile(path: string): Promise<TextFile> {
  return readText(path);
}

/** The first of these files that exists; undefined where none does: no site file is needed. */
export async function readSite(paths: readonly string[]): Promise<TextFile | undefined> {
  for (const path of paths) {
    const found = await readTextIfThere(path);
    if (found !== undefined) return found;
  }
  return undefined;
}
