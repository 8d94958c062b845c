import type { NodeName } from '../errors/ids.js';
import type { Secret } from '../errors/secret.js';
import type { CompiledProbe } from '../cookbook/compile-probe.js';
import type { CompiledRun } from '../cookbook/types.js';
import type { Redactor } from './redact-secrets.js';

/** Compiles for the nodes of one cluster, with the facts that are known when it is asked. */
export interface ClusterCompiler {
  /** The run of a role on a node. */
  converge(node: NodeName, role: string): Promise<CompiledRun>;
  /** The one package transaction of a node; null where its roles need none. */
  packages(node: NodeName): Promise<CompiledRun | null>;
  /** Names of all packages that a node's roles ask for; needs no lock. */
  packageNames(node: NodeName): Promise<readonly string[]>;
  /** Null where the role has no such probe. */
  probe(node: NodeName, role: string, which: 'ready' | 'acceptance'): Promise<CompiledProbe | null>;
  /** A compiled script with its secrets in place; only for the way to the node. */
  fillSecrets(run: CompiledRun): Secret;
  /** Takes the values of the cluster's secrets out of what its nodes print. */
  redactor(): Redactor;
}
