import type {
  ApiVersion,
  ClusterSpec,
  HaFlag,
  NodeGroupSpec,
  PlacementSpec,
  SpecWarning,
  StorageSpec,
} from './cluster-spec.js';
import type { JsonObject } from './json.js';
import {
  CLUSTER_FIELDS,
  GROUP_FIELDS,
  STORAGE_FIELDS,
  type RawCluster,
  type RawGroup,
  type RawPlacement,
  type RawStorage,
} from './raw-spec.js';

/**
 * A spec value in normal form: names, units and cases are ours, defaults are filled in, and what has no place of its
 * own is carried.
 */
export function toNormalForm(raw: RawCluster): {
  readonly spec: ClusterSpec;
  readonly warnings: readonly SpecWarning[];
} {
  const apiVersion = raw.apiVersion ?? 'bde/v1';
  const spec = {
    apiVersion,
    name: raw.name ?? null,
    distro: raw.distro ?? null,
    appManager: raw.appManager ?? 'Default',
    groups: raw.nodeGroups.map((group) => toGroup(group, apiVersion)),
    configuration: raw.configuration ?? {},
    carried: without(raw, CLUSTER_FIELDS),
  };
  return { spec, warnings: raw.nodeGroups.flatMap(warnOfRounding) };
}

function toGroup(raw: RawGroup, version: ApiVersion): NodeGroupSpec {
  return {
    name: raw.name,
    roles: raw.roles,
    count: raw.instanceNum ?? 0,
    sizeName: raw.instanceType ?? null,
    cpuCount: raw.cpuNum ?? null,
    memoryMiB: raw.memCapacityMB === undefined ? null : roundMemory(raw.memCapacityMB),
    // BDE gives swap of the size of memory to everyone who does not say otherwise.
    swapRatio: raw.swapRatio ?? (version === 'bde/v1' ? 1 : 0),
    storage: raw.storage === undefined ? null : toStorage(raw.storage),
    ha: (raw.haFlag?.toLowerCase() as HaFlag | undefined) ?? 'off',
    placement: toPlacement(raw.placementPolicies ?? {}),
    configuration: raw.configuration ?? {},
    carried: without(raw, GROUP_FIELDS),
  };
}

function toStorage(raw: RawStorage): StorageSpec {
  return {
    type: (raw.type?.toUpperCase() as StorageSpec['type'] | undefined) ?? null,
    sizeGiB: raw.sizeGB ?? null,
    diskCount: raw.diskNum ?? 0,
    carried: without(raw, STORAGE_FIELDS),
  };
}

/** Words come in upper and lower case; the schema has seen that they are the right ones. */
function toPlacement({ instancePerHost, groupRacks, groupAssociations }: RawPlacement): PlacementSpec {
  const association = groupAssociations?.[0];
  const isSameRack = groupRacks?.type?.toUpperCase() === 'SAMERACK';
  const isStrict = association?.type?.toUpperCase() === 'STRICT';
  return {
    instancesPerHost: instancePerHost ?? null,
    racks: groupRacks ? { type: isSameRack ? 'SAMERACK' : 'ROUNDROBIN', racks: groupRacks.racks ?? [] } : null,
    association: association ? { group: association.reference, type: isStrict ? 'STRICT' : 'WEAK' } : null,
  };
}

/** The fields that are not in the list; the schema has seen to it that they are JSON. */
function without(raw: object, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(raw as JsonObject).filter(([name]) => !names.includes(name)));
}

/** vSphere takes memory in multiples of 4 MiB; BDE rounds down and says so. */
function roundMemory(memoryMiB: number): number {
  return Math.floor(memoryMiB / 4) * 4;
}

function warnOfRounding({ name, memCapacityMB }: RawGroup): readonly SpecWarning[] {
  if (memCapacityMB === undefined || memCapacityMB % 4 === 0) return [];
  const rounded = roundMemory(memCapacityMB);
  const message = `memory of group ${name} is rounded down from ${memCapacityMB} to ${rounded} MiB, a multiple of 4`;
  return [{ code: 'MEMORY_ROUNDED', message }];
}
