import { BdeError } from '../errors/bde-error.js';
import type { Secret } from '../errors/secret.js';
import type { EngineDependencies } from './context.js';
import { createClusterCompiler } from './create-cluster-compiler.js';
import { parseCookbooks } from './parse-cookbooks.js';
import { readPinnedContent, type PinnedContent } from './pins.js';
import type { ClusterRecord, NodeRecord } from './ports/store.js';
import { Workspace } from './workspace.js';

/**
 * Reads a cluster's pins and parses them.
 *
 * @throws BdeError `STATE_INVALID` where the home was never prepared for this cluster
 */
export async function openWorkspace(deps: EngineDependencies, cluster: ClusterRecord): Promise<Workspace> {
  const content = await readPinnedContent(deps.store.blobs, cluster.pins);
  return buildWorkspace(deps, cluster, { content, nodes: await deps.store.nodes.listNodes(cluster.id) });
}

/**
 * The workspace of a cluster with these inputs and nodes, recorded or only proposed.
 *
 * @throws BdeError `STATE_INVALID` where the home was never prepared for this cluster
 */
export async function buildWorkspace(
  deps: EngineDependencies,
  cluster: ClusterRecord,
  given: {
    readonly content: PinnedContent;
    readonly nodes: readonly NodeRecord[];
    /** Values of secrets that the store does not have yet. */
    readonly secrets?: ReadonlyMap<string, Secret>;
    /** Names of secrets whose values are still to be made. */
    readonly unmade?: ReadonlySet<string>;
  },
): Promise<Workspace> {
  const { content, nodes, secrets = new Map<string, Secret>(), unmade = new Set<string>() } = given;
  const { resolved, distro, home } = content;
  if (home === null) throw neverPlanned(cluster);
  const { cookbooks, roles } = parseCookbooks(content.cookbooks);
  const machines = await deps.store.nodes.listMachines(cluster.id);
  const compiler = await createClusterCompiler({
    deps,
    ...{ cluster, resolved, distro, home, cookbooks, nodes, machines, secrets, unmade },
  });
  return new Workspace({
    ...{ resolved, home, nodes, roles, compiler },
    recoveryAuthorizedKey: deps.sealer.recoveryAuthorizedKey(),
  });
}

function neverPlanned({ name }: ClusterRecord): BdeError {
  return new BdeError('STATE_INVALID', `The cluster ${name} was never planned, for its create did not get that far.`, {
    subject: { cluster: name },
    hint: `Go on with bde cluster resume ${name}, or remove it with bde cluster delete ${name}.`,
  });
}
