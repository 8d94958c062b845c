import { join } from 'node:path';
import type { RolesTogether } from '../../../cookbook/lint/port-rules.js';
import { distroLabel } from '../../../distro/distro.js';
import { specLabelOf } from '../../../distro/select-spec.js';
import type { SpecMapEntry } from '../../../distro/spec-map.js';
import { BASE_ROLE } from '../../../engine/desired-state.js';
import { isBdeError } from '../../../errors/bde-error.js';
import { readMappedSpec } from '../../../files/read-trees.js';
import { parseDocument } from '../../../spec/document/parse-document.js';
import { parseClusterSpec } from '../../../spec/parse-cluster-spec.js';
import type { DataFolders } from '../find-data-folders.js';
import { readCatalogue } from '../read-catalogue.js';

/**
 * Roles that a node group of a shipped spec has together, and roles that an entry of a manifest names together: the
 * former are on one node for sure, the latter may be.
 *
 * @throws BdeError `FILE_UNREADABLE`, `MANIFEST_INVALID`
 */
export async function rolesTogether(folders: DataFolders): Promise<readonly RolesTogether[]> {
  const { map, manifest } = await readCatalogue(folders);
  const specs = await Promise.all(map.entries.map((entry) => groupsOf(entry, folders.projectRoot)));
  const named = manifest.distros.flatMap((distro) =>
    distro.packages.map(({ roles }) => ({
      roles,
      where: `the distro ${distroLabel(distro)}`,
      severity: 'warning' as const,
    })),
  );
  return [...named, ...specs.flat()];
}

/** Nothing of a spec that does not hold: `bde spec validate` says what is wrong with it. */
async function groupsOf(entry: SpecMapEntry, projectRoot: string): Promise<readonly RolesTogether[]> {
  try {
    const { text, path } = await readMappedSpec(join(projectRoot, 'specs'), entry.path);
    const { spec } = parseClusterSpec(parseDocument(text, path));
    return spec.groups.map(({ name, roles }) => ({
      roles: [BASE_ROLE, ...roles],
      where: `the group ${name} of the spec ${specLabelOf(entry)}`,
      severity: 'error',
    }));
  } catch (error) {
    if (!isBdeError(error)) throw error;
    return [];
  }
}
