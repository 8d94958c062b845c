import { distroLabel, type Distro } from '../../distro/distro.js';
import { fitsDistro, specLabelOf } from '../../distro/select-spec.js';
import { errorToJson, type ErrorJson } from '../../report/error-json.js';
import { catalogueFindings, readCatalogue, type Catalogue, type CatalogueFolders } from './read-catalogue.js';

/** `bde distro list`; `formatVersion` 1. */
export interface DistroListing {
  readonly formatVersion: 1;
  /** In the order of the manifest. */
  readonly distros: readonly DistroLine[];
  /** Entries of map and manifest that cannot be used. */
  readonly problems: readonly ErrorJson[];
}

/** One distro of the manifest. */
export interface DistroLine {
  /** `name@version` */
  readonly label: string;
  readonly name: string;
  readonly version: string;
  readonly vendor: string;
  readonly roles: readonly string[];
  readonly repos: readonly string[];
  /** Specs of the map that it fits. */
  readonly specs: readonly string[];
}

/** Every distro of the manifests, and what is wrong with entries that cannot be used. */
export async function listDistros(folders: CatalogueFolders): Promise<DistroListing> {
  const catalogue = await readCatalogue(folders);
  return {
    formatVersion: 1,
    distros: catalogue.manifest.distros.map((distro) => distroLine(distro, catalogue)),
    problems: catalogueFindings(catalogue).map(errorToJson),
  };
}

/** A distro with the specs that it fits. */
export function distroLine(distro: Distro, { map }: Catalogue): DistroLine {
  const { name, version, vendor, roles, repos } = distro;
  const specs = map.entries.filter((entry) => fitsDistro(entry, distro)).map(specLabelOf);
  return { label: distroLabel(distro), name, version, vendor, roles, repos, specs };
}
