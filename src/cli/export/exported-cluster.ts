import type { ClusterState } from '../../engine/ports/store.js';
import type { Json } from '../../spec/json.js';
import type { Endpoint } from '../services/describe-cluster.js';

/** Everything about a cluster that other programs may want to know; plain JSON, no secret in it. */
export interface ExportedCluster {
  readonly formatVersion: 1;
  readonly id: string;
  readonly name: string;
  readonly state: ClusterState;
  readonly distro: string;
  readonly provider: string;
  readonly rehearsal: boolean;
  readonly isProtected: boolean;
  readonly epoch: number;
  readonly createdAt: string;
  /** The spec in the user dialect; values of secret attributes are references. */
  readonly spec: Json;
  readonly groups: readonly ExportedGroup[];
  /** By group, then index. */
  readonly nodes: readonly ExportedNode[];
  readonly endpoints: readonly Endpoint[];
  /** Where nodes pull packages, and the PEM certificate that it is known by; null without packages. */
  readonly mirror: { readonly url: string; readonly caCertificate: string } | null;
  /** Files of this host that a client needs to log in. */
  readonly ssh: { readonly keyFile: string; readonly knownHostsFile: string };
}

/** Nodes that are alike. */
export interface ExportedGroup {
  readonly name: string;
  readonly roles: readonly string[];
  readonly count: number;
  readonly cpuCount: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  readonly swapMiB: number;
  readonly dataDisksGiB: readonly number[];
}

/** A node, and how to get in. */
export interface ExportedNode {
  readonly name: string;
  readonly group: string;
  readonly index: number;
  readonly ordinal: number;
  readonly roles: readonly string[];
  readonly address: string;
  readonly power: 'on' | 'off';
  /** What carries its machine, and in which rack that is; null where it has none, or the provider does not say. */
  readonly host: string | null;
  readonly rack: string | null;
  /** Null where it has no machine. */
  readonly machine: { readonly id: string; readonly generation: number } | null;
  /** Null where it has no machine. */
  readonly logIn: ExportedLogIn | null;
  readonly applied: Readonly<Record<string, string>>;
}

/** One sshd. */
export interface ExportedEndpoint {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** OpenSSH public key lines, without comments. */
  readonly hostKeys: readonly string[];
}

/** The way to a node. */
export interface ExportedLogIn extends ExportedEndpoint {
  /** The user becomes root by sudo. */
  readonly sudo: boolean;
  /** Hosts on the way, from here to there. */
  readonly jumps: readonly ExportedEndpoint[];
}
