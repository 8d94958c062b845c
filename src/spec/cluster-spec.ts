import type { JsonObject } from './json.js';

/** `bde/v1`: BDE's own files, which carry no version. `bde/v2`: ours. */
export type ApiVersion = 'bde/v1' | 'bde/v2';

/** A cluster spec in normal form: one dialect, our units, BDE's defaults filled in. */
export interface ClusterSpec {
  readonly apiVersion: ApiVersion;
  /** The cluster's name as the file gives it; null where it gives none. */
  readonly name: string | null;
  /** `NAME` or `NAME@VERSION`; null where the file names none. */
  readonly distro: string | null;
  /** `Default` is this program. */
  readonly appManager: string;
  /** In the order of the file; never empty. */
  readonly groups: readonly NodeGroupSpec[];
  /** Attributes of the whole cluster, by cookbook. */
  readonly configuration: JsonObject;
  /** Fields of BDE that nothing here acts on, by the user dialect's names. */
  readonly carried: JsonObject;
}

/** Nodes that are alike. */
export interface NodeGroupSpec {
  readonly name: string;
  /** Not empty, unique. */
  readonly roles: readonly string[];
  readonly count: number;
  /** Name of a size; null where CPU and memory are given instead. */
  readonly sizeName: string | null;
  /** Goes before the size's. */
  readonly cpuCount: number | null;
  /** Goes before the size's; a multiple of 4, as BDE rounds it. */
  readonly memoryMiB: number | null;
  /** Swap as a part of memory. */
  readonly swapRatio: number;
  /** Null: no data disks. */
  readonly storage: StorageSpec | null;
  readonly ha: HaFlag;
  readonly placement: PlacementSpec;
  readonly configuration: JsonObject;
  readonly carried: JsonObject;
}

/** `on`: the platform restarts a failed machine. `ft`: it mirrors the machine. */
export type HaFlag = 'off' | 'on' | 'ft';

/** Data disks of each node of a group. */
export interface StorageSpec {
  readonly type: 'SHARED' | 'LOCAL' | null;
  /** All data disks together; null: none. */
  readonly sizeGiB: number | null;
  /** Equal disks; 0 means one. */
  readonly diskCount: number;
  readonly carried: JsonObject;
}

/** Where the nodes of a group go. */
export interface PlacementSpec {
  readonly instancesPerHost: number | null;
  readonly racks: { readonly type: 'ROUNDROBIN' | 'SAMERACK'; readonly racks: readonly string[] } | null;
  readonly association: { readonly group: string; readonly type: 'STRICT' | 'WEAK' } | null;
}

/** Something worth telling that stops nothing. */
export interface SpecWarning {
  readonly code: WarningCode;
  readonly message: string;
}

/** Stable, for scripts. */
export type WarningCode = 'GROUP_EMPTY' | 'FIELDS_IGNORED' | 'MEMORY_ROUNDED' | 'EVEN_QUORUM';
