import type { ClusterName, NodeName } from '../errors/ids.js';
import type { HaFlag, PlacementSpec, SpecWarning } from './cluster-spec.js';
import type { JsonObject } from './json.js';

/** A cluster with everything decided that a spec decides; plain JSON, the same for the same input. */
export interface ResolvedCluster {
  readonly formatVersion: 1;
  readonly name: ClusterName;
  /** `vendor/flavour`, or the file's name: for people. */
  readonly specLabel: string;
  readonly distro: { readonly name: string; readonly vendor: string; readonly version: string };
  /** In the order of the spec; groups without nodes are left out. */
  readonly groups: readonly ResolvedGroup[];
  /** By group in that order, then by index; never empty. */
  readonly nodes: readonly ResolvedNode[];
  /** Attributes of the whole cluster, by cookbook, as the spec has them. */
  readonly configuration: JsonObject;
  readonly warnings: readonly SpecWarning[];
}

/** Nodes that are alike. */
export interface ResolvedGroup {
  readonly name: string;
  readonly roles: readonly string[];
  readonly count: number;
  readonly size: NodeSize;
  readonly swapMiB: number;
  /** Sizes of the data disks, in order; empty: none. */
  readonly dataDisksGiB: readonly number[];
  readonly placement: PlacementSpec;
  readonly ha: HaFlag;
  /** Attributes of this group; go over those of the cluster. */
  readonly configuration: JsonObject;
}

/** What a machine is given; the disk is its system disk. */
export interface NodeSize {
  readonly cpuCount: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
}

/** A place of the cluster. */
export interface ResolvedNode {
  readonly name: NodeName;
  readonly group: string;
  /** From 0, in its group. */
  readonly index: number;
  /** From 1, unique in the cluster, the node's for its life; see `allocateOrdinals`. */
  readonly ordinal: number;
  readonly roles: readonly string[];
}
