import { BdeError } from '../../errors/bde-error.js';
import type { MachineId, NodeName } from '../../errors/ids.js';
import type { RecordStep } from '../../plan/plan.js';
import { changeAsHolder } from '../change-as-holder.js';
import { emitEvent, type OperationContext } from '../context.js';
import { pinnedBlobs } from '../pins.js';
import { MIRROR_KEYS_SECRET } from '../secret-names.js';
import type { ClusterRecordContent, RecordNumber } from '../ports/cluster-records.js';
import type { BlobTable, ClusterRecord, SecretTable } from '../ports/store.js';
import type { StepOutcome } from '../run-steps.js';

/** Exit code of the install command where a higher number is there and stays. */
const KEPT_HIGHER = 3;
/** It is one small file. */
const INSTALL_MS = 60_000;
/** As many holders as a record should have to outlive the loss of any two machines. */
const WANTED_HOLDERS = 3;

/**
 * Leaves the sealed cluster record: on all nodes of the step that do not hold one that says the same, and on the holders in
 * any case, whose number tells an import that no operation came after. One success is enough; fewer than three is told.
 *
 * @throws BdeError the first node's error when no node took it
 */
export async function performRecordStep(step: RecordStep, context: OperationContext): Promise<StepOutcome> {
  const cluster = await storedCluster(context);
  const fingerprint = context.deps.records.fingerprint(await recordContent(cluster, context));
  const { recordLeft } = cluster;
  const holding = recordLeft?.fingerprint === fingerprint ? recordLeft.machines : [];
  const nodes = await nodesToAsk(step.nodes, holding, context);
  const taken = await context.journal.effect({
    stepId: step.id,
    name: { kind: 'record' },
    ref: { nodes },
    act: () => leaveRecord(nodes, fingerprint, context),
  });
  if (taken.holders < Math.min(WANTED_HOLDERS, step.nodes.length)) await warnFewHolders(taken.holders, context);
  return { state: 'done', detail: taken };
}

async function nodesToAsk(
  nodes: readonly NodeName[],
  holding: readonly MachineId[],
  context: OperationContext,
): Promise<readonly NodeName[]> {
  const machines = await currentMachines(context);
  const holders = [...nodes].sort().slice(0, WANTED_HOLDERS);
  return nodes.filter((node) => holders.includes(node) || !holding.includes(machines.get(node) ?? ('' as MachineId)));
}

async function leaveRecord(nodes: readonly NodeName[], fingerprint: string, context: OperationContext) {
  const cluster = await countRecord(context);
  const number = { epoch: cluster.epoch, count: cluster.recordCount };
  const record = (await context.deps.records.seal(await recordContent(cluster, context))).toString('utf8');
  const answers = await Promise.allSettled(nodes.map((node) => install(node, { record, number }, context)));
  const failed = answers.filter((answer) => answer.status === 'rejected');
  if (failed.length === answers.length && failed[0] !== undefined) throw failed[0].reason;
  const taken = nodes.filter((_, index) => answers[index]?.status === 'fulfilled');
  await noteHolders(taken, fingerprint, context);
  return { holders: taken.length, ...number };
}

/** Adds to those that hold the same content, and takes the place of any other. */
async function noteHolders(taken: readonly NodeName[], fingerprint: string, context: OperationContext): Promise<void> {
  const current = await currentMachines(context);
  const added = taken.flatMap((node) => current.get(node) ?? []);
  await changeAsHolder(context, async (tables) => {
    const before = (await tables.clusters.byId(context.cluster.id))?.recordLeft;
    const others = before?.fingerprint === fingerprint ? before.machines : [];
    const machines = [...new Set([...others, ...added])].sort();
    await tables.clusters.update(context.cluster.id, { recordLeft: { fingerprint, machines } });
  });
}

async function currentMachines({ deps, cluster }: OperationContext): Promise<ReadonlyMap<NodeName, MachineId>> {
  const machines = await deps.store.nodes.listMachines(cluster.id);
  return new Map(machines.filter((each) => each.standing === 'current').map((each) => [each.nodeName, each.id]));
}

async function storedCluster({ deps, cluster }: OperationContext): Promise<ClusterRecord> {
  return (await deps.store.clusters.byId(cluster.id)) ?? cluster;
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

/** What the record of a cluster says now; where it lies is no part of it. */
async function recordContent(
  { recordLeft: _left, ...rest }: ClusterRecord,
  { deps, lease }: OperationContext,
): Promise<ClusterRecordContent> {
  const cluster = { ...rest, recordLeft: null };
  const { store, mirror, home } = deps;
  const [nodes, machines, facts, blobs, secrets] = await Promise.all([
    store.nodes.listNodes(cluster.id),
    store.nodes.listMachines(cluster.id),
    store.facts.list(cluster.id),
    readBlobs(store.blobs, cluster),
    sealedSecrets(store.secrets, cluster),
  ]);
  // The record says what the operation is about to make true; the state itself is read from the world by `import`.
  const mirrorKeys = await mirror.exportKeys(lease.guard);
  return { formatVersion: 2, home, cluster, blobs, nodes, machines, facts, secrets, mirrorKeys };
}

/** What the pins point at, and those before them: a rollback goes back to these. */
async function readBlobs(
  blobs: BlobTable,
  { pins, formerPins }: Pick<ClusterRecord, 'pins' | 'formerPins'>,
): Promise<readonly Buffer[]> {
  const named = new Set([
    ...(await pinnedBlobs(blobs, pins)),
    ...(formerPins === null ? [] : await pinnedBlobs(blobs, formerPins)),
  ]);
  return Promise.all([...named].sort().map((digest) => blobs.get(digest)));
}

/** As they are, sealed to the identity that seals the record, too. */
async function sealedSecrets(table: SecretTable, { id }: ClusterRecord): Promise<Readonly<Record<string, string>>> {
  // What an import keeps of the mirror's keys until its end is in the record anyway.
  const names = (await table.list(id)).filter((name) => name !== MIRROR_KEYS_SECRET);
  const entries = await Promise.all(names.map(async (name) => [name, (await table.get(id, name)) ?? ''] as const));
  return Object.fromEntries(entries);
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
