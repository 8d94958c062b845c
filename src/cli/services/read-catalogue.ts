import { join } from 'node:path';
import { joinManifests } from '../../distro/join-manifests.js';
import { parseManifest, type Manifest } from '../../distro/parse-manifest.js';
import { parseRetiredRoles, type RetiredRole } from '../../distro/retired-roles.js';
import { selectSpec } from '../../distro/select-spec.js';
import { parseSpecMap, type SpecMap } from '../../distro/spec-map.js';
import type { BdeError } from '../../errors/bde-error.js';
import { readText, type TextFile } from '../../files/read-text.js';
import { readDistroTree, readMappedSpec, readSpecMap } from '../../files/read-trees.js';
import { parseDocument } from '../../spec/document/parse-document.js';
import type { DataFolders } from './find-data-folders.js';

/** Everything that the distros and `specs/map.json` say. */
export interface Catalogue {
  readonly manifest: Manifest;
  readonly map: SpecMap;
  readonly retired: readonly RetiredRole[];
}

/** Where a catalogue is read from. */
export type CatalogueFolders = Pick<DataFolders, 'projectRoot' | 'distros'>;

/**
 * The manifests, the map, and the roles of products that are not shipped. Broken entries of the first two are findings.
 *
 * @throws BdeError `FILE_UNREADABLE`, `MANIFEST_INVALID`
 */
export async function readCatalogue({ projectRoot, distros }: CatalogueFolders): Promise<Catalogue> {
  const [map, trees] = await Promise.all([readMap(projectRoot), Promise.all(distros.map(readDistroTree))]);
  const manifests = trees.map(({ manifest: { text, path } }) => ({
    file: path,
    manifest: parseManifest(parseDocument(text, path)),
  }));
  const retired = trees.flatMap(({ retiredRoles }) =>
    retiredRoles === undefined ? [] : parseRetiredRoles(parseDocument(retiredRoles.text, retiredRoles.path)),
  );
  return { manifest: joinManifests(manifests), map, retired };
}

async function readMap(projectRoot: string): Promise<SpecMap> {
  const { text, path } = await readSpecMap(join(projectRoot, 'specs'));
  return parseSpecMap(parseDocument(text, path));
}

/** What is wrong with single entries of the map and the manifest; the other entries hold. */
export function catalogueFindings({ map, manifest }: Catalogue): readonly BdeError[] {
  return [...map.findings, ...manifest.findings];
}

/** True for what names a file, as opposed to an entry of the spec map. */
export function isSpecFile(label: string): boolean {
  return /\.(jsonc?|ya?ml)$/i.test(label);
}

/**
 * The text of a spec by its file, or by `vendor/flavour`.
 *
 * @throws BdeError `FILE_UNREADABLE`, `SPEC_UNKNOWN`
 */
export async function readSpecText(label: string, projectRoot: string): Promise<TextFile> {
  if (isSpecFile(label)) return readText(label);
  const { entries } = await readMap(projectRoot);
  return readMappedSpec(join(projectRoot, 'specs'), selectSpec(entries, label).path);
}
