import { BdeError } from '../errors/bde-error.js';
import { distroLabel } from './distro.js';
import type { Manifest } from './parse-manifest.js';

/** A manifest and the file that it was read from. */
export interface ManifestOfFile {
  readonly file: string;
  readonly manifest: Manifest;
}

/**
 * Several manifests as one, in order.
 *
 * @throws BdeError `MANIFEST_INVALID` where two have a distro of the same name and version
 */
export function joinManifests(manifests: readonly ManifestOfFile[]): Manifest {
  const files = new Map<string, string>();
  for (const { file, manifest } of manifests) {
    for (const label of manifest.distros.map(distroLabel)) {
      const first = files.get(label);
      if (first !== undefined) throw thereTwice(label, first, file);
      files.set(label, file);
    }
  }
  return {
    distros: manifests.flatMap(({ manifest }) => manifest.distros),
    findings: manifests.flatMap(({ manifest }) => manifest.findings),
  };
}

function thereTwice(label: string, first: string, second: string): BdeError {
  return new BdeError('MANIFEST_INVALID', `The distro ${label} is there twice, in ${first} and in ${second}`, {
    subject: { file: second },
    hint: 'Give one of them another name or version.',
  });
}
