import type { Role } from '../../../cookbook/types.js';
import { distroLabel } from '../../../distro/distro.js';
import type { Manifest } from '../../../distro/parse-manifest.js';
import { BASE_ROLE } from '../../../engine/desired-state.js';

/** Name of the distro that is made up where none offers the roles. */
export const TEST_DISTRO = 'cookbook-test';

/** More than what a system with nothing on it needs. */
const MEMORY_MIB = 512;

/** What a test makes a cluster from, as the files that people write. */
export interface TestInputs {
  readonly spec: object;
  /** Of the manifest, or `cookbook-test`. */
  readonly distro: string;
  /** A manifest with the distro that is made up; empty where one of the manifests offers all roles. */
  readonly manifest: readonly object[];
}

/**
 * A cluster with these roles and all that they require, each on nodes of its own and as few as it allows.
 *
 * `roles` is not empty, and every role that is required is known.
 */
export function planTest(
  roles: readonly string[],
  known: ReadonlyMap<string, Role>,
  { distros }: Pick<Manifest, 'distros'>,
): TestInputs {
  const needed = withRequired(roles, known).filter((role) => role !== BASE_ROLE);
  const offering = distros.find((distro) => needed.every((role) => distro.roles.includes(role)));
  const groups = needed.length === 0 ? [BASE_ROLE] : needed;
  return {
    spec: { apiVersion: 'bde/v2', nodeGroups: groups.map((role, index) => groupOf(role, index, known)) },
    distro: offering === undefined ? TEST_DISTRO : distroLabel(offering),
    manifest:
      offering === undefined
        ? [{ name: TEST_DISTRO, version: '1', packages: [{ roles: [BASE_ROLE, ...needed] }], repos: [] }]
        : [],
  };
}

/** What is required comes first; each role once. */
function withRequired(roles: readonly string[], known: ReadonlyMap<string, Role>): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    (known.get(name)?.requires ?? []).forEach(visit);
  };
  roles.forEach(visit);
  return [...found].toReversed();
}

/** Names of groups have letters and digits only. */
function groupOf(name: string, index: number, known: ReadonlyMap<string, Role>): object {
  const role = known.get(name);
  return {
    name: `${name.replace(/[^A-Za-z0-9]/g, '')}${index === 0 ? '' : String(index)}`,
    roles: [name],
    instanceNum: Math.max(role?.cardinality.min ?? 1, 1),
    cpuNum: 1,
    memCapacityMB: Math.max(role?.minimumMemoryMiB ?? 0, 0) + MEMORY_MIB,
  };
}
