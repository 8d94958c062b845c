import type { EngineDependencies } from '../../../../src/engine/context.js';
import type { Store } from '../../../../src/engine/ports/store.js';
import { findClusters } from '../../../../src/engine/recover/find-clusters.js';
import { proposeImport, type ImportProposal } from '../../../../src/engine/recover/propose-import.js';
import { MIRROR_KEYS_SECRET } from '../../../../src/engine/secret-names.js';
import { isBdeError } from '../../../../src/errors/bde-error.js';

/** What machines tell of the cluster that they are of; null where there are none, or none has a record that will do. */
export async function proposeLost(deps: EngineDependencies): Promise<ImportProposal | null> {
  const [found] = await findClusters(deps.provider.provider);
  if (found === undefined) return null;
  try {
    return await proposeImport(found, deps, { isOlderAccepted: false, signal: new AbortController().signal });
  } catch (error) {
    if (isBdeError(error)) return null;
    throw error;
  }
}

/** All that a home knows of a cluster and must know again after an import. */
export async function whatIsKnown(store: Store): Promise<unknown> {
  const [cluster] = await store.clusters.list();
  if (cluster === undefined) return null;
  const { id, name, pins, formerPins, sshPublicKey, isProtected } = cluster;
  const names = (await store.secrets.list(id)).filter((secret) => secret !== MIRROR_KEYS_SECRET);
  return {
    cluster: { id, name, pins, formerPins, sshPublicKey, isProtected },
    nodes: await store.nodes.listNodes(id),
    machines: await store.nodes.listMachines(id),
    facts: await store.facts.list(id),
    secrets: await Promise.all(names.map(async (secret) => [secret, await store.secrets.get(id, secret)])),
  };
}
