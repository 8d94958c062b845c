import type { DistroPackages } from '../../distro/distro.js';
import { selectDistro } from '../../distro/select-distro.js';
import type { JsonObject } from '../../spec/json.js';
import { distroLine, type DistroLine } from './list-distros.js';
import { readCatalogue, type CatalogueFolders } from './read-catalogue.js';

/** `bde distro show`; `formatVersion` 1. */
export interface DistroDescription extends DistroLine {
  readonly formatVersion: 1;
  /** Null: all that are there. */
  readonly cookbooks: readonly string[] | null;
  readonly packages: readonly DistroPackages[];
  readonly attributes: JsonObject;
}

/**
 * One distro of the manifest.
 *
 * @throws BdeError `DISTRO_UNKNOWN`
 */
export async function describeDistro(label: string, folders: CatalogueFolders): Promise<DistroDescription> {
  const catalogue = await readCatalogue(folders);
  const distro = selectDistro(catalogue.manifest, label);
  const { cookbooks, packages, attributes } = distro;
  return { formatVersion: 1, ...distroLine(distro, catalogue), cookbooks, packages, attributes };
}
