import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { distroLabel, type Distro } from '../../distro/distro.js';
import { fitsDistro, specLabelOf } from '../../distro/select-spec.js';
import { parseCookbooks } from '../../engine/parse-cookbooks.js';
import { BdeError } from '../../errors/bde-error.js';
import { readCookbooks } from '../../files/read-cookbooks.js';
import { errorToJson, type ErrorJson } from '../../report/error-json.js';
import { didYouMean } from '../../spec/document/nearest-name.js';
import { findDataFolders, type DataRequest } from './find-data-folders.js';
import { catalogueFindings, readCatalogue, type Catalogue } from './read-catalogue.js';
import { readClusterInputs } from './read-cluster-inputs.js';

/** `bde distro validate`; `formatVersion` 1. */
export interface CatalogueVerdict {
  readonly formatVersion: 1;
  readonly holds: boolean;
  /** What was looked at. */
  readonly counts: { readonly distros: number; readonly specs: number; readonly cookbooks: number };
  readonly warnings: readonly string[];
  /** Everything that is wrong, each with its place where it is known. */
  readonly errors: readonly ErrorJson[];
}

/** What else lies in the working tree, by name. */
interface Surroundings {
  readonly cookbooks: readonly string[];
  readonly roles: readonly string[];
  readonly repos: readonly string[];
  /** Where the definition of a repo is looked for. */
  readonly repoFileOf: (name: string) => string;
}

/** Everything that is wrong with the data that comes with bde and with that of one's own, as a whole. */
export async function checkCatalogue(data: DataRequest, projectRoot: string): Promise<CatalogueVerdict> {
  const folders = await findDataFolders(data, projectRoot);
  const catalogue = await readCatalogue(folders);
  const sources = await readCookbooks(folders.cookbooks);
  const parsed = await attempt(() => parseCookbooks(sources));
  const surroundings = {
    cookbooks: sources.map(({ name }) => name),
    roles: [...(parsed.value?.roles.keys() ?? [])],
    repos: (await Promise.all(folders.repos.map(listRepos))).flat(),
    repoFileOf: (name: string) => folders.repos.map((folder) => join(folder, name, 'repo.yaml')).join(' or '),
  };
  const distros = catalogue.manifest.distros.map((distro) => checkDistro(distro, surroundings));
  // A broken cookbook would be told again by every spec that needs it.
  const specs = parsed.value === undefined ? [] : await checkSpecsOf(catalogue, data, projectRoot);
  const errors = [
    ...catalogueFindings(catalogue),
    ...parsed.errors,
    ...distros.flatMap((each) => each.errors),
    ...specs.flatMap((each) => each.errors),
  ];
  return {
    formatVersion: 1,
    holds: errors.length === 0,
    counts: {
      distros: catalogue.manifest.distros.length,
      specs: catalogue.map.entries.length,
      cookbooks: sources.length,
    },
    warnings: distros.flatMap((each) => each.warnings),
    errors: errors.map(errorToJson),
  };
}

/** A folder that is not there has none: what that leads to is told where a repo is missing. */
async function listRepos(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** What a distro names, looked up. Roles may belong to cookbooks that are yet to come; the others have to be there. */
function checkDistro(distro: Distro, there: Surroundings) {
  const label = distroLabel(distro);
  const missing = (names: readonly string[], known: readonly string[]) => names.filter((name) => !known.includes(name));
  const say = (what: string, name: string, known: readonly string[]) =>
    `distro ${label} names the ${what} ${name}, which is not there${didYouMean(name, known)}`;
  const broken = (message: string, add: string) =>
    new BdeError('MANIFEST_INVALID', message, {
      subject: { file: distro.file },
      hint: `${add}, or take the name out of ${distro.file}.`,
    });
  return {
    warnings:
      there.roles.length === 0 ? [] : missing(distro.roles, there.roles).map((name) => say('role', name, there.roles)),
    errors: [
      ...missing(distro.cookbooks ?? [], there.cookbooks).map((name) =>
        broken(say('cookbook', name, there.cookbooks), 'Add it, name its folder with --cookbooks'),
      ),
      ...missing(distro.repos, there.repos).map((name) =>
        broken(say('repo', name, there.repos), `Write ${there.repoFileOf(name)}, name its folder with --repos`),
      ),
    ],
  };
}

/** Every spec of the map with every distro that it fits. */
function checkSpecsOf({ map, manifest }: Catalogue, data: DataRequest, projectRoot: string) {
  const pairs = map.entries.flatMap((entry) =>
    manifest.distros.filter((distro) => fitsDistro(entry, distro)).map((distro) => ({ entry, distro })),
  );
  return Promise.all(
    pairs.map(({ entry, distro }) => {
      const request = {
        ...data,
        name: undefined,
        spec: specLabelOf(entry),
        distro: distroLabel(distro),
        provider: undefined,
        overrides: [],
      };
      return attempt(() => readClusterInputs(request, projectRoot));
    }),
  );
}

/** The value, or every single error instead of it. */
async function attempt<Value>(
  work: () => Value | Promise<Value>,
): Promise<{ readonly value?: Value; readonly errors: readonly BdeError[] }> {
  try {
    return { value: await work(), errors: [] };
  } catch (error) {
    if (!(error instanceof BdeError)) throw error;
    return { errors: error.failures.length === 0 ? [error] : error.failures };
  }
}
