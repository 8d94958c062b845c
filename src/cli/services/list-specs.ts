import { distroLabel } from '../../distro/distro.js';
import type { Manifest } from '../../distro/parse-manifest.js';
import { fitsDistro, specLabelOf } from '../../distro/select-spec.js';
import type { SpecMapEntry } from '../../distro/spec-map.js';
import { errorToJson, type ErrorJson } from '../../report/error-json.js';
import { catalogueFindings, readCatalogue, type CatalogueFolders } from './read-catalogue.js';

/** `bde spec list`; `formatVersion` 1. */
export interface SpecListing {
  readonly formatVersion: 1;
  /** In the order of the map. */
  readonly specs: readonly SpecLine[];
  /** Entries of map and manifest that cannot be used. */
  readonly problems: readonly ErrorJson[];
}

/** One spec of the map. */
export interface SpecLine {
  /** `vendor/flavour` */
  readonly name: string;
  readonly description: string;
  /** Distros that it can be made with, `name@version`. */
  readonly distros: readonly string[];
  /** Below `specs/`. */
  readonly path: string;
}

/** Every spec of the map, and what is wrong with entries that cannot be used. */
export async function listSpecs(folders: CatalogueFolders): Promise<SpecListing> {
  const catalogue = await readCatalogue(folders);
  return {
    formatVersion: 1,
    specs: catalogue.map.entries.map((entry) => toLine(entry, catalogue.manifest)),
    problems: catalogueFindings(catalogue).map(errorToJson),
  };
}

function toLine(entry: SpecMapEntry, { distros }: Manifest): SpecLine {
  return {
    name: specLabelOf(entry),
    description: entry.type,
    distros: distros.filter((distro) => fitsDistro(entry, distro)).map(distroLabel),
    path: entry.path,
  };
}
