import { join } from 'node:path';
import { parseManifest, type Manifest } from '../../distro/parse-manifest.js';
import { parseRetiredRoles, type RetiredRole } from '../../distro/retired-roles.js';
import { selectSpec } from '../../distro/select-spec.js';
import { parseSpecMap, type SpecMap } from '../../distro/spec-map.js';
import type { BdeError } from '../../errors/bde-error.js';
import { readText, type TextFile } from '../../files/read-text.js';
import { readDistroTree, readMappedSpec, readSpecMap } from '../../files/read-trees.js';
import { parseDocument } from '../../spec/document/parse-document.js';

/** Everything that `distros/` and `specs/map.json` say. */
export interface Catalogue {
  readonly manifest: Manifest;
  readonly map: SpecMap;
  readonly retired: readonly RetiredRole[];
}

/**
 * The manifest, the map, and the roles of products that are not shipped. Broken entries of the first two are findings.
 *
 * @throws BdeError `FILE_UNREADABLE`, `MANIFEST_INVALID`
 */
export async function readCatalogue(projectRoot: string): Promise<Catalogue> {
  const [map, { manifest, retiredRoles }] = await Promise.all([
    readSpecMap(join(projectRoot, 'specs')),
    readDistroTree(join(projectRoot, 'distros')),
  ]);
  return {
    manifest: parseManifest(parseDocument(manifest.text, manifest.path)),
    map: parseSpecMap(parseDocument(map.text, map.path)),
    retired: retiredRoles === undefined ? [] : parseRetiredRoles(parseDocument(retiredRoles.text, retiredRoles.path)),
  };
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
  const { map } = await readCatalogue(projectRoot);
  return readMappedSpec(join(projectRoot, 'specs'), selectSpec(map.entries, label).path);
}
