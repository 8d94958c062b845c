import { BdeError } from '../errors/bde-error.js';
import type { EngineDependencies } from './context.js';
import { createClusterCompiler } from './create-cluster-compiler.js';
import { parseCookbooks } from './parse-cookbooks.js';
import { readPinnedContent } from './pins.js';
import type { ClusterRecord } from './ports/store.js';
import { Workspace } from './workspace.js';

/**
 * Reads a cluster's pins and parses them.
 *
 * @throws BdeError `STATE_INVALID` where the home was never prepared for this cluster
 */
export async function openWorkspace(deps: EngineDependencies, cluster: ClusterRecord): Promise<Workspace> {
  const { resolved, distro, cookbooks: sources, home } = await readPinnedContent(deps.store.blobs, cluster.pins);
  if (home === null) {
    throw new BdeError(
      'STATE_INVALID',
      `The cluster ${cluster.name} was never planned, for its create did not get that far.`,
      {
        subject: { cluster: cluster.name },
        hint: `Go on with bde cluster resume ${cluster.name}, or remove it with bde cluster delete ${cluster.name}.`,
      },
    );
  }
  const cookbooks = parseCookbooks(sources);
  const nodes = await deps.store.nodes.listNodes(cluster.id);
  const compiler = await createClusterCompiler({
    deps,
    cluster,
    resolved,
    distro,
    home,
    cookbooks: cookbooks.cookbooks,
    nodes,
  });
  return new Workspace({
    resolved,
    home,
    nodes,
    roles: cookbooks.roles,
    compiler,
    recoveryAuthorizedKey: deps.sealer.recoveryAuthorizedKey(),
  });
}
