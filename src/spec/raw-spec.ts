import type { ApiVersion } from './cluster-spec.js';
import type { JsonObject } from './json.js';

/** A spec value that the schema has let through and that speaks the user dialect: the fields that are acted on. */
export interface RawCluster {
  readonly apiVersion?: ApiVersion;
  readonly name?: string;
  readonly distro?: string;
  readonly appManager?: string;
  readonly nodeGroups: readonly RawGroup[];
  readonly configuration?: JsonObject;
}

/** One node group, as people write it. */
export interface RawGroup {
  readonly name: string;
  readonly roles: readonly string[];
  readonly instanceNum?: number;
  readonly instanceType?: string;
  readonly cpuNum?: number;
  readonly memCapacityMB?: number;
  readonly swapRatio?: number;
  readonly storage?: RawStorage;
  readonly haFlag?: string;
  readonly placementPolicies?: RawPlacement;
  readonly configuration?: JsonObject;
}

/** The data disks of each node of a group; BDE's words for them. */
export interface RawStorage {
  readonly type?: string;
  readonly sizeGB?: number;
  readonly diskNum?: number;
}

/** Where the nodes of a group may stand; BDE's words for it. */
export interface RawPlacement {
  readonly instancePerHost?: number;
  readonly groupRacks?: { readonly type?: string; readonly racks?: readonly string[] };
  readonly groupAssociations?: readonly { readonly reference: string; readonly type?: string }[];
}

/** Fields of a cluster that have a place of their own in the normal form; the others are carried. */
export const CLUSTER_FIELDS = [
  '$schema',
  'apiVersion',
  'name',
  'distro',
  'appManager',
  'nodeGroups',
  'configuration',
] as const;

/** The same for a node group. */
export const GROUP_FIELDS = [
  'name',
  'roles',
  'instanceNum',
  'instanceType',
  'cpuNum',
  'memCapacityMB',
  'swapRatio',
  'storage',
  'haFlag',
  'placementPolicies',
  'configuration',
] as const;

/** The same for the storage of a node group. */
export const STORAGE_FIELDS = ['type', 'sizeGB', 'diskNum'] as const;
