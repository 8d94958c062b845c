/** What `bde doctor` knows of the host and of this home; plain values, so that judging them needs no host. */
export interface HostFacts {
  /** `20.20.2` */
  readonly nodeVersion: string;
  /** Whether ssh2's compiled part is there. */
  readonly sshIsNative: boolean;
  /** Places that things are written to. */
  readonly disks: readonly { readonly what: string; readonly path: string; readonly freeMiB: number }[];
  readonly identity: IdentityFacts;
  readonly store: StoreFacts;
  readonly provider: ProviderFacts;
}

/** The operator identity as it stands. `usable` says that it opens what this home has sealed. */
export interface IdentityFacts {
  readonly path: string;
  readonly state: 'usable' | 'absent' | 'unusable';
  /** True once something was sealed: from then on nothing works without the identity. */
  readonly isNeeded: boolean;
  readonly why: string | null;
  readonly next: string | null;
}

/** The store as it stands. */
export interface StoreFacts {
  readonly path: string;
  readonly state: 'usable' | 'absent' | 'unusable';
  readonly why: string | null;
  readonly next: string | null;
  readonly clusters: readonly ClusterFacts[];
  /** Operations of the home that never ended and whose process is gone. */
  readonly deadHomeOperations: readonly { readonly id: string; readonly kind: string; readonly startedAt: string }[];
}

/** A cluster, its last operation, and whether a living process holds it. */
export interface ClusterFacts {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly isHeld: boolean;
  readonly last: {
    readonly id: string;
    readonly kind: string;
    readonly state: string;
    readonly outcome: string | null;
  } | null;
}

/** What the provider says. */
export interface ProviderFacts {
  readonly name: string;
  /** Null where the provider could be asked. */
  readonly failure: { readonly why: string; readonly next: string | null } | null;
  readonly missing: readonly { readonly what: string; readonly hint: string }[];
  /** One readable line each. */
  readonly orphans: readonly string[];
  readonly machines: readonly MachineFacts[];
}

/** A machine that the provider lists. */
export interface MachineFacts {
  readonly machineId: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly node: string;
}
