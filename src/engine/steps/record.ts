import { BdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import type { Secret } from '../../errors/secret.js';
import type { RecordStep } from '../../plan/plan.js';
import { encodeCertificates } from '../certificates/cluster-certificates.js';
import { openCertificates } from '../certificates/open-certificates.js';
import { changeAsHolder } from '../change-as-holder.js';
import { emitEvent, type OperationContext } from '../context.js';
import { openSecrets } from '../open-secrets.js';
import { clusterKey } from '../open-links.js';
import { readPinnedContent, readPins } from '../pins.js';
import type { ClusterRecordContent, RecordNumber } from '../ports/cluster-records.js';
import type { ClusterRecord } from '../ports/store.js';
import type { StepOutcome } from '../run-steps.js';

/** Exit code of the install command where a higher number is there and stays. */
const KEPT_HIGHER = 3;
/** It is one small file. */
const INSTALL_MS = 60_000;
/** As many holders as a record should have to outlive the loss of any two machines. */
const WANTED_HOLDERS = 3;

/**
 * Leaves the sealed cluster record on its holders. One success is enough; fewer than three is told.
 *
 * @throws BdeError the first node's error when no node took it
 */
export async function performRecordStep(step: RecordStep, context: OperationContext): Promise<StepOutcome> {
  const taken = await context.journal.effect({
    stepId: step.id,
    name: { kind: 'record' },
    ref: { nodes: step.nodes },
    act: async () => {
      const cluster = await countRecord(context);
      const number = { epoch: cluster.epoch, count: cluster.recordCount };
      const record = (await context.deps.records.seal(await recordContent(cluster, context))).toString('utf8');
      const answers = await Promise.allSettled(step.nodes.map((node) => install(node, { record, number }, context)));
      const failed = answers.filter((answer) => answer.status === 'rejected');
      if (failed.length === answers.length && failed[0] !== undefined) throw failed[0].reason;
      return { holders: answers.length - failed.length, ...number };
    },
  });
  if (taken.holders < Math.min(WANTED_HOLDERS, step.nodes.length)) await warnFewHolders(taken.holders, context);
  return { state: 'done', detail: taken };
}

/** Counts the record to be written, so that a later one always has a higher number. */
async function countRecord(context: OperationContext): Promise<ClusterRecord> {
  return changeAsHolder(context, async (tables) => {
    const stored = (await tables.clusters.byId(context.cluster.id)) ?? context.cluster;
    const counted = { ...stored, recordCount: stored.recordCount + 1 };
    await tables.clusters.update(stored.id, { recordCount: counted.recordCount });
    return counted;
  });
}

async function recordContent(cluster: ClusterRecord, context: OperationContext): Promise<ClusterRecordContent> {
  const { store } = context.deps;
  const [nodes, machines, pins, content] = await Promise.all([
    store.nodes.listNodes(cluster.id),
    store.nodes.listMachines(cluster.id),
    readPins(store.blobs, cluster.pins),
    readPinnedContent(store.blobs, cluster.pins),
  ]);
  return {
    formatVersion: 1,
    // The record says what the operation is about to make true; the state itself is read from the world by `import`.
    cluster,
    spec: content.resolved,
    pins,
    nodes,
    machines,
    sshPrivateKey: await clusterKey(context.deps, cluster),
    trust: await context.deps.mirror.ensureTrust(context.lease.guard),
    certificates: await sealedCertificates(cluster, context),
    secrets: await attributeSecrets(cluster, context),
  };
}

async function sealedCertificates({ id }: ClusterRecord, context: OperationContext): Promise<Secret | null> {
  const certificates = await openCertificates(context.deps, id);
  return certificates === null ? null : encodeCertificates(certificates);
}

async function attributeSecrets(
  cluster: ClusterRecord,
  context: OperationContext,
): Promise<Readonly<Record<string, Secret>>> {
  return Object.fromEntries(await openSecrets(context.deps, cluster.id));
}

async function install(
  node: NodeName,
  given: { readonly record: string; readonly number: RecordNumber },
  context: OperationContext,
): Promise<void> {
  const link = await context.links.to(node, context.signal);
  const result = await link.command(context.deps.records.installCommand(given.number), {
    stdin: given.record,
    timeoutMs: INSTALL_MS,
    signal: context.signal,
  });
  if (result.exitCode === 0 || result.exitCode === KEPT_HIGHER) return;
  throw new BdeError('CONNECT_LOST', `The node ${node} did not take the cluster record: ${result.stderr.trim()}`, {
    subject: { node },
    hint: 'Look at the free space of /var/lib/bde on the node, then resume.',
  });
}

async function warnFewHolders(holders: number, context: OperationContext): Promise<void> {
  await emitEvent(context.deps, {
    kind: 'warning',
    clusterId: context.cluster.id,
    operationId: context.operation.id,
    text: `only ${String(holders)} nodes hold the cluster record; ${String(WANTED_HOLDERS)} should`,
  });
}
