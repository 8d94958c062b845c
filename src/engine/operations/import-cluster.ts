import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { EngineDependencies, StopSignals } from '../context.js';
import type { ImportProposal } from '../recover/propose-import.js';
import { numberOf } from '../recover/record-number.js';
import type { ClusterRecord, OperationRecord, StoreTables } from '../ports/store.js';
import { MIRROR_KEYS_SECRET } from '../secret-names.js';
import { continueImport } from './continue-import.js';
import { holdCluster } from './hold-cluster.js';
import { newOperation } from './run-operation.js';

/**
 * Records a cluster as its record has it, and takes over what it finds of it. From the first transaction on every kill can
 * be resumed. Returns the operation.
 *
 * @throws BdeError `CLUSTER_EXISTS`, `LEASE_HELD`, `PREFLIGHT_FAILED`; later those of its steps
 */
export async function importCluster(
  proposal: ImportProposal,
  deps: EngineDependencies,
  stop: StopSignals,
): Promise<OperationRecord> {
  const { content, known, from, notes } = proposal;
  // Nobody is at work on what is about to be replaced.
  if (known !== null) await holdCluster(deps, known, () => Promise.resolve());
  await refuseOtherKeys(proposal, deps);
  stop.stopStarting.throwIfAborted();
  const mirrorKeys = await deps.sealer.seal(content.mirrorKeys);
  const cluster: ClusterRecord = { ...content.cluster, epoch: epochAbove(proposal), state: 'DEGRADED' };
  const request = { record: numberOf(content), from, notes };
  const operation = newOperation(deps, { cluster, kind: 'import', request });
  await deps.store.transaction(async (tables) => {
    if (known !== null) await tables.clusters.remove(known.id);
    await restore(tables, { ...proposal, content: { ...content, cluster } });
    await tables.secrets.put(cluster.id, MIRROR_KEYS_SECRET, mirrorKeys);
    await tables.operations.insert(operation);
  });
  deps.faults.reach({ kind: 'begin-import' }, 'recorded');
  await holdCluster(deps, cluster, (lease, held) => continueImport({ deps, cluster: held, operation, lease, stop }));
  return operation;
}

/** A mirror has one set of keys. Where other clusters trust them, they are there, and putting the same back changes nothing. */
async function refuseOtherKeys({ content }: ImportProposal, { store, mirror }: EngineDependencies): Promise<void> {
  const { id, name } = content.cluster;
  const others = (await store.clusters.list()).filter((each) => each.id !== id).map((each) => each.name);
  if (others.length === 0) return;
  try {
    await mirror.restoreKeys(content.mirrorKeys, { replace: false }, () => Promise.resolve());
  } catch (error) {
    if (!isBdeError(error, 'REPO_FAILED')) throw error;
    throw new BdeError(
      'PREFLIGHT_FAILED',
      `The nodes of ${name} trust other mirror keys than those of this home, which ${others.join(', ')} trusts.`,
      {
        subject: { cluster: name },
        hint: `A home has one mirror: delete what was made since first (bde cluster delete ${others[0] ?? ''}), then import.`,
        cause: error,
      },
    );
  }
}

/** The look at a cluster that is replaced raised its epoch once more. */
function epochAbove({ epoch, known }: ImportProposal): number {
  return known === null ? epoch : Math.max(epoch, known.epoch + 1);
}

/** Pins and all that they point at come in the transaction that names them, as everywhere. */
async function restore(tables: StoreTables, { content }: Pick<ImportProposal, 'content'>): Promise<void> {
  const { cluster, blobs, nodes, machines, facts, secrets } = content;
  for (const blob of blobs) await tables.blobs.put(blob);
  await tables.clusters.insert(cluster);
  for (const node of nodes) await tables.nodes.putNode(node);
  for (const machine of machines) await tables.nodes.putMachine(machine);
  for (const fact of facts) await tables.facts.put(fact);
  for (const [name, sealed] of Object.entries(secrets)) await tables.secrets.put(cluster.id, name, sealed);
}
