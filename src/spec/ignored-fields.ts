import type { ClusterSpec, NodeGroupSpec, SpecWarning } from './cluster-spec.js';

/** One warning that names every field which is kept but not acted on, with the groups that have it; none for none. */
export function findIgnoredFields(spec: ClusterSpec): readonly SpecWarning[] {
  const groupsByField = new Map<string, string[]>();
  for (const group of spec.groups) {
    for (const field of ignoredOf(group)) groupsByField.set(field, [...(groupsByField.get(field) ?? []), group.name]);
  }
  const fields = [
    ...Object.keys(spec.carried),
    ...[...groupsByField].map(([field, groups]) => `${field} (${groups.join(', ')})`),
  ];
  if (fields.length === 0) return [];
  return [{ code: 'FIELDS_IGNORED', message: `kept, but not acted on: ${fields.join(', ')}` }];
}

function ignoredOf({ storage, ha, placement, carried }: NodeGroupSpec): readonly string[] {
  return [
    ...(ha === 'off' ? [] : ['haFlag']),
    ...(storage?.type ? ['storage.type'] : []),
    ...Object.keys(storage?.carried ?? {}).map((field) => `storage.${field}`),
    ...(placement.instancesPerHost === null ? [] : ['placementPolicies.instancePerHost']),
    ...(placement.racks === null ? [] : ['placementPolicies.groupRacks']),
    ...(placement.association === null ? [] : ['placementPolicies.groupAssociations']),
    ...Object.keys(carried),
  ];
}
