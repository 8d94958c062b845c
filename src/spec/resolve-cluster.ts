import { allocateOrdinals } from './allocate-ordinals.js';
import { checkAppManager } from './check-app-manager.js';
import { checkNodes } from './check-nodes.js';
import { checkRoles } from './check-roles.js';
import { nodeNameOf } from './cluster-name.js';
import { throwFindings } from './document/finding.js';
import type { ResolvedCluster, ResolvedGroup, ResolvedNode } from './resolved-cluster.js';
import type { ResolveInput } from './resolve-input.js';
import { resolveGroups } from './resolve-groups.js';

/**
 * A spec with its roles, sizes and names settled.
 *
 * Roles exist and get along (count, memory, what they require), sizes exist, names fit; everything that is wrong is
 * found in one go.
 *
 * @throws BdeError `SPEC_UNKNOWN_ROLE`, `SPEC_ROLE_RETIRED`, `SPEC_UNSATISFIED`, `FIELD_INVALID`; `SPEC_INVALID` with all
 *   of several findings
 */
export function resolveCluster(asked: ResolveInput): ResolvedCluster {
  const input = withBaseRoles(asked);
  const { groups, findings } = resolveGroups(input);
  const roles = checkRoles(input);
  const all = [...checkAppManager(input), ...roles.findings, ...findings, ...checkNodes(input, groups)];
  throwFindings(all, 'SPEC_INVALID', `spec ${input.specLabel}`);
  return {
    formatVersion: 1,
    name: input.name,
    specLabel: input.specLabel,
    distro: { name: input.distro.name, vendor: input.distro.vendor, version: input.distro.version },
    groups,
    nodes: nodesOf(input, groups),
    configuration: input.spec.configuration,
    warnings: [...input.specWarnings, ...roles.warnings],
  };
}

function withBaseRoles(input: ResolveInput): ResolveInput {
  const groups = input.spec.groups.map((group) => ({
    ...group,
    // The group's own roles keep their positions: findings point at them.
    roles: [...group.roles, ...input.baseRoles.filter((role) => !group.roles.includes(role))],
  }));
  return { ...input, spec: { ...input.spec, groups } };
}

function nodesOf(input: ResolveInput, groups: readonly ResolvedGroup[]): readonly ResolvedNode[] {
  const places = groups.flatMap((group) =>
    Array.from({ length: group.count }, (_, index) => ({
      name: nodeNameOf(input.name, group.name, index),
      group: group.name,
      index,
      roles: group.roles,
    })),
  );
  const isQuorum = (role: string) => input.roles.get(role)?.cardinality.quorum === true;
  const ordinals = allocateOrdinals(
    input.ordinals,
    places.map(({ name, roles }) => ({ name, quorum: roles.some(isQuorum) })),
  );
  return places.map((place) => ({ ...place, ordinal: ordinals.get(place.name) ?? 0 }));
}
