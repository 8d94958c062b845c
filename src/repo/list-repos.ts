import type { RepoListing } from '../engine/ports/mirror.js';
import { readRecipes } from './build/build-edition.js';
import { listRepoNames, readRepoDefinition, REHEARSAL_SUFFIX } from './definition/read-repo-definitions.js';
import type { RepoDefinition, SourceFolder } from './definition/repo-definition.js';
import { broughtFolders, buildFilesOf } from './ensure-repo.js';
import { lstatIfThere } from './if-there.js';
import { snapshotPath, type MirrorPaths } from './mirror-paths.js';
import { namesOfBroughtPackages } from './packages/read-brought-packages.js';
import { readRepoRecord } from './repo-record.js';

/** Every repo that is defined, and every rehearsal repo that was built, by name. Builds and changes nothing. */
export async function listRepos(folders: readonly SourceFolder[], paths: MirrorPaths): Promise<readonly RepoListing[]> {
  const names = await listRepoNames(folders);
  const listings = await Promise.all(
    names.map(async (name) => {
      const definition = await readRepoDefinition(folders, name);
      const real = { name, summary: definition.summary, missing: await missingOf(definition, paths) };
      const rehearsal = { name: name + REHEARSAL_SUFFIX, summary: `Rehearsal of: ${definition.summary}`, missing: [] };
      const both = [await withState(real, paths), await withState(rehearsal, paths)];
      return both.filter((listing) => listing.built || listing.name === name);
    }),
  );
  return listings.flat();
}

/** Declared packages that no build file describes and no operator brought. */
async function missingOf(definition: RepoDefinition, paths: MirrorPaths): Promise<readonly string[]> {
  const recipes = await readRecipes({ buildFiles: buildFilesOf(definition), wants: () => true });
  const brought = await namesOfBroughtPackages(broughtFolders(definition, paths));
  const known = new Set([...recipes.map((recipe) => recipe.definition.name), ...brought]);
  return definition.packages.filter((name) => !known.has(name));
}

async function withState(
  listing: Pick<RepoListing, 'name' | 'summary' | 'missing'>,
  paths: MirrorPaths,
): Promise<RepoListing> {
  const record = await readRepoRecord(paths.records, listing.name);
  const snapshot = record?.snapshot ?? null;
  if (record === undefined || snapshot === null || (await lstatIfThere(snapshotPath(paths, snapshot))) === undefined) {
    return { ...listing, built: false, packageCount: 0 };
  }
  return { ...listing, built: true, snapshot, packageCount: record.packages.length };
}
