import type { Digest } from '../errors/ids.js';

/** A JSON value as it stands in attributes, facts and parameters. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A map of attributes; keys are cookbook names at the top. */
export type Attributes = Readonly<Record<string, Json>>;

/** Files of one cookbook, path relative to its folder (`recipes/server.yaml`) to content. Read by `files/`. */
export interface CookbookSource {
  readonly name: string;
  /** Folder, for messages. */
  readonly path: string;
  readonly files: Readonly<Record<string, Buffer>>;
}

/** When a role counts as ready: its probe's answer at each node, at a majority, or at any one. */
export type ReadyScope = 'each' | 'quorum' | 'any';

/** A command run on nodes as a probe: exit 0 means yes. */
export interface Probe {
  /** POSIX sh, rendered as a template. */
  readonly command: string;
  readonly timeoutSeconds: number;
}

/** How nodes come into a role's service and go out of it; null where nothing is to be done. */
export interface Membership {
  /** Run on a ready peer, with the new member in its environment. */
  readonly join: Probe | null;
  /** Run on a ready peer, so that a dead member can leave too. */
  readonly leave: Probe | null;
  /** Run on the node itself, before its service goes down for a while. */
  readonly drain: Probe | null;
  readonly undrain: Probe | null;
  /** Recipes that clean the role off a living node. */
  readonly remove: readonly string[] | null;
}

/** How the data of a role is taken out of it, and put back. */
export interface RoleData {
  /** Whose data is enough: that of any one node, for all have the same, or that of each node for itself. */
  readonly scope: BackupScope;
  /** Recipes that write the data into a folder while the service goes on. */
  readonly backup: readonly string[];
  /** Recipes that replace the data by that of the folder, the services of the role stopped on all its nodes. */
  readonly restore: readonly string[];
}

/** Where a role's data is taken from: any one node that is ready, or each node. */
export type BackupScope = 'any' | 'each';

/** A role, parsed from `roles/<role>.yaml`. */
export interface Role {
  readonly name: string;
  readonly cookbook: string;
  readonly summary: string;
  /** Roles that must be ready before this one converges, where the cluster has them or `requires` says it must. */
  readonly requires: readonly string[];
  /** Roles whose nodes or facts its templates use; may name itself. */
  readonly reads: readonly string[];
  /** `cookbook::recipe`, in order. */
  readonly runList: readonly string[];
  readonly cardinality: {
    readonly min: number;
    readonly max: number | null;
    /** Majority-based: even counts warn with numbers. */
    readonly quorum: boolean;
  };
  readonly ready: { readonly scope: ReadyScope; readonly probe: Probe; readonly withinSeconds: number } | null;
  readonly ports: readonly RolePort[];
  readonly minimumMemoryMiB: number;
  /** Probe run on one node before RUNNING, after every role is ready. */
  readonly acceptance: Probe | null;
  readonly membership: Membership;
  /** Null where it cannot be backed up. */
  readonly data: RoleData | null;
  readonly update: {
    /** Members that may be down at once while the role is changed. */
    readonly maxUnavailable: { readonly count: number } | { readonly percent: number };
    /** Says yes on the leader, which goes last. */
    readonly leader: Probe | null;
  };
  /** Facts that its run exports, each with a JSON Schema; without a command, a resource of its recipes gives the value. */
  readonly facts: Readonly<
    Record<string, { readonly schema: Json; readonly secret: boolean; readonly command: string | null }>
  >;
}

/** A port as a role declares it. */
export interface RolePort {
  readonly name: string;
  /** A number, or a template of attributes that gives one. */
  readonly port: number | string;
  readonly protocol: 'tcp' | 'udp';
  readonly scheme: string | null;
}

/** A node as templates and recipes see it. */
export interface NodeView {
  readonly name: string;
  readonly group: string;
  readonly index: number;
  /** 1-based, stable: what products call a server id. */
  readonly ordinal: number;
  readonly address: string;
  readonly roles: readonly string[];
  readonly cpuCount: number;
  readonly memoryMiB: number;
  /** Mount points of data disks, in order. */
  readonly dataDisks: readonly string[];
}

/** The certificate of a node, as it is laid there. */
export interface NodeCertificateView {
  /** PEM of every authority that the cluster trusts. */
  readonly authorities: string;
  /** PEM. */
  readonly certificate: string;
  /** Name of the secret that is its private key, in PEM. */
  readonly keySecret: string;
}

/** All that one compile sees. Values in, values out. */
export interface CompileInput {
  readonly cluster: {
    readonly id: string;
    readonly name: string;
    readonly distro: { readonly name: string; readonly version: string };
  };
  readonly node: NodeView;
  /** Every node of the cluster, ordered by group, then index. */
  readonly nodes: readonly NodeView[];
  /** The role, or `packages` for the node's one package step. */
  readonly role: string;
  /** Merged for this node's group. */
  readonly attributes: Attributes;
  /** Facts by role, then node name, then fact name; secret facts are placeholders. */
  readonly facts: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>;
  /** The nodes that the role has in its service, and the one that is compiled for; all of them until it was ready once. */
  readonly members: readonly NodeView[];
  /** Locked packages by name, as dnf takes them. */
  readonly lockedPackages: Readonly<Record<string, string>>;
  /** Repos that a locked package and all that it needs are in, by package; one that is not here may need any. */
  readonly packageSources: Readonly<Record<string, readonly string[]>>;
  /** Where packages come from: `{url: https://…/c/<cluster>, repos: [{name, gpgKeyPath}]}`; null when nothing is needed. */
  readonly mirror: {
    readonly url: string;
    readonly caPath: string;
    readonly repos: readonly { readonly name: string; readonly gpgKeyPath: string }[];
  } | null;
  /** What the node shows, and whom it trusts; absent where no certificate was made for it yet. */
  readonly certificate?: NodeCertificateView;
  /** Where the run finds or leaves the files of a backup; absent in all but those of `backup` and `restore`. */
  readonly backup?: { readonly directory: string };
  /** HMAC of a named secret; enters the digest in its place. */
  readonly secretMac: (name: string) => string;
  /** What runs of other nodes came to, for whoever compiles many; absent: nothing is remembered. */
  readonly memo?: RunMemo;
}

/** What runs came to, by their names: for `recallRun` alone, and begun empty. */
export type RunMemo = Map<string, unknown>;

/** One resource, resolved: what enters the digest, and what reports name. */
export interface ResolvedResource {
  /** `template[/etc/store/store.conf]`: unique within the list. */
  readonly id: string;
  readonly kind: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** `cookbooks/store/recipes/server.yaml:14:3` */
  readonly source: string;
}

/** What compiling gives: the list, its digest, and a POSIX sh body (see `docs/runs.md`). */
export interface CompiledRun {
  readonly resources: readonly ResolvedResource[];
  readonly digest: Digest;
  /** Body with `secretToken(name)` placeholders inside single-quoted literals. */
  readonly script: string;
  /** How many characters at its beginning are functions that other scripts begin with too; they hold no placeholder. */
  readonly sharedLength: number;
  /** Contents that the script may ask for, by sha256: they hold no secret. */
  readonly contents: Readonly<Record<string, Buffer>>;
  /** Contents that the node pulls from the mirror, by sha256. */
  readonly pulled: Readonly<Record<string, Buffer>>;
  /** Whether the node may pull something from the mirror itself. */
  readonly usesMirror: boolean;
  /** Names of the secrets that the script needs. */
  readonly secrets: readonly string[];
}

/** One line of a run's output, as the body prints it. */
export type RunLine =
  | {
      readonly resource: string;
      readonly outcome: 'unchanged' | 'changed' | 'failed' | 'would-change' | 'unknown' | 'skipped';
      readonly ms: number;
      /** How often it was tried, where it was more than once. */
      readonly tries?: number;
      /** Why it failed, what it depends on, or why nothing was to do. */
      readonly detail?: string;
      readonly diff?: string;
    }
  | { readonly fact: string; readonly value: Json };
