import type { Digest, NodeName } from '../errors/ids.js';
import type { Secret } from '../errors/secret.js';
import type { CompiledProbe } from '../cookbook/compile-probe.js';
import type { RoleCommand } from '../cookbook/cookbook.js';
import type { RunOutline } from '../cookbook/compile-run.js';
import type { CompiledRun } from '../cookbook/types.js';
import type { Redactor } from './redact-secrets.js';

/** Which run of a role is meant, and where the files of a backup are on the node. */
export type RoleRunOrder =
  { readonly which: 'remove' } | { readonly which: 'backup' | 'restore'; readonly directory: string };

/** Compiles for the nodes of one cluster, with the facts that are known when it is asked. */
export interface ClusterCompiler {
  /** The run of a role on a node. */
  converge(node: NodeName, role: string): Promise<CompiledRun>;
  /** The one package transaction of a node; null where its roles need none. */
  packages(node: NodeName): Promise<CompiledRun | null>;
  /** The run of a role on a node, without its script. */
  outline(node: NodeName, role: string): Promise<RunOutline>;
  /** The digest of one of these alone, by its key: a role, or `packages`; null where the node needs no packages. */
  digest(node: NodeName, key: string): Promise<Digest | null>;
  /** Names of all packages that a node's roles ask for, or one of them does; needs no lock. */
  packageNames(node: NodeName, role?: string): Promise<readonly string[]>;
  /** Null where the role has no such command. */
  probe(node: NodeName, role: string, which: RoleCommand): Promise<CompiledProbe | null>;
  /** What lets a member in or out, for one of its peers; null where the role has no such command. */
  membership(
    peer: NodeName,
    role: string,
    order: { readonly which: 'join' | 'leave'; readonly member: NodeName },
  ): Promise<CompiledProbe | null>;
  /** Another run of a role on a node than that of its run list; null where the role has none. */
  roleRun(node: NodeName, role: string, order: RoleRunOrder): Promise<CompiledRun | null>;
  /** The systemd units that a role keeps running on a node, in the order of its recipes. */
  units(node: NodeName, role: string): Promise<readonly string[]>;
  /** Why the certificate that the node has will not do, whatever is asked for; null where it does. */
  whyCertify(node: NodeName): Promise<string | null>;
  /** The same with the facts, members and certificates that are known now, read once: for compiling many. */
  atOnce(): Promise<ClusterCompiler>;
  /** True where the run of a role needs a secret whose value is still to be made: nobody can know its digest. */
  awaitsSecret(node: NodeName, role: string): Promise<boolean>;
  /** A compiled script with its secrets in place; only for the way to the node. */
  fillSecrets(run: CompiledRun): Secret;
  /** Takes the values of the cluster's secrets, those that they had before too, and the node's private key out of what it prints. */
  redactor(node: NodeName): Redactor;
}
