import type { ClusterName } from '../errors/ids.js';
import type { ClusterSpec, SpecWarning } from './cluster-spec.js';
import type { NodeSize } from './resolved-cluster.js';
import type { SpecSource } from './spec-source.js';

/** What of a role decides whether a cluster holds; the cookbooks' `Role` has all of it. */
export interface RoleRules {
  readonly name: string;
  readonly cardinality: {
    readonly min: number;
    readonly max: number | null;
    /** Majority-based: even counts warn with numbers. */
    readonly quorum: boolean;
  };
  readonly minimumMemoryMiB: number;
  /** Roles that have to be in the cluster too, and are ready before this one. */
  readonly requires: readonly string[];
}

/** A role of a product that is not shipped: why, and what to use. */
export interface RetirementNotice {
  readonly product: string;
  readonly reason: string;
  readonly use?: string;
}

/** All that resolving sees. */
export interface ResolveInput {
  readonly name: ClusterName;
  readonly spec: ClusterSpec;
  /** Those of reading the spec; they come first in the result. */
  readonly specWarnings: readonly SpecWarning[];
  /** Gives findings their place in the file. */
  readonly source: SpecSource;
  /** `vendor/flavour`, or the file's name. */
  readonly specLabel: string;
  readonly distro: { readonly name: string; readonly vendor: string; readonly version: string };
  /** Application manager of the map's entry, where the spec comes from the map. */
  readonly appManager?: string;
  /** Roles that every node bears besides those of its group. */
  readonly baseRoles: readonly string[];
  /** Every role that the cookbooks have, by name. */
  readonly roles: ReadonlyMap<string, RoleRules>;
  /** Why a role is not among them, if it is known to be retired. */
  readonly retired: (role: string) => RetirementNotice | undefined;
  /** What size names mean at the provider. */
  readonly sizes: Readonly<Record<string, NodeSize>>;
  /** Every ordinal ever given out in this cluster, by node name; empty for a new one. */
  readonly ordinals: ReadonlyMap<string, number>;
}
