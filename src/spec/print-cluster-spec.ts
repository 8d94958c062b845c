import type { ClusterSpec, NodeGroupSpec, PlacementSpec, StorageSpec } from './cluster-spec.js';
import type { Json, JsonObject } from './json.js';

/** A spec as a file in the user dialect, every default written out; `parseClusterSpec` gives the same spec back. */
export function printClusterSpec(spec: ClusterSpec): string {
  const file = present({
    apiVersion: spec.apiVersion,
    name: spec.name,
    distro: spec.distro,
    appManager: spec.appManager,
    nodeGroups: spec.groups.map(groupFields),
    configuration: spec.configuration,
    ...spec.carried,
  });
  return `${JSON.stringify(file, null, 2)}\n`;
}

function groupFields(group: NodeGroupSpec): JsonObject {
  return present({
    name: group.name,
    roles: group.roles,
    instanceNum: group.count,
    instanceType: group.sizeName,
    cpuNum: group.cpuCount,
    memCapacityMB: group.memoryMiB,
    swapRatio: group.swapRatio,
    storage: group.storage && storageFields(group.storage),
    haFlag: group.ha,
    placementPolicies: placementFields(group.placement),
    configuration: group.configuration,
    ...group.carried,
  });
}

function storageFields({ type, sizeGiB, diskCount, carried }: StorageSpec): JsonObject {
  return present({ type, sizeGB: sizeGiB, diskNum: diskCount, ...carried });
}

function placementFields({ instancesPerHost, racks, association }: PlacementSpec): JsonObject {
  return present({
    instancePerHost: instancesPerHost,
    groupRacks: racks && { type: racks.type, racks: racks.racks },
    groupAssociations: association && [{ reference: association.group, type: association.type }],
  });
}

/** Without the fields that are null: in a spec, absent says it. */
function present(fields: Readonly<Record<string, Json>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
