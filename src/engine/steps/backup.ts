import { BdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import { placeOf } from '../../plan/archive-for.js';
import { chooseSource } from '../../plan/choose-source.js';
import type { BackupStep } from '../../plan/plan.js';
import { carryLimits } from '../backups/carry-limits.js';
import { draftOf } from '../backups/data-order.js';
import { openNodeFolder, packFiles, readPacked, removeNodeFolder } from '../backups/node-archive.js';
import type { OperationContext } from '../context.js';
import type { JournalData } from '../journal.js';
import type { BackupArchive } from '../ports/backups.js';
import { lockedPackages } from '../prepare.js';
import type { StepOutcome } from '../run-steps.js';
import { compileProbes, pollNodes, type Poll } from './ask-probe.js';
import { aboutData } from './data-failure.js';
import { pause } from './pause.js';
import { performDataRun } from './perform-data-run.js';
import { emitWaiting } from './ready.js';

/** Of a role without a ready probe any node will do at once. */
const DEFAULT_WAIT_SECONDS = 60;

/**
 * Takes the data of a role: chooses a node that is ready, has its recipes write files there, and carries these here, packed and
 * sealed. What the journal knows of an earlier attempt is not done again.
 *
 * @throws BdeError `READY_TIMEOUT`, `CONVERGE_FAILED`, `BACKUP_FAILED`, `FILE_UNREADABLE`
 */
export async function performBackupStep(step: BackupStep, context: OperationContext): Promise<StepOutcome> {
  const source = await chosenSource(step, context);
  const { node } = source;
  return aboutData(step, { node, context }, async () => {
    const folder = { id: context.operation.id, role: step.role };
    const link = await context.links.to(node, context.signal);
    if (!isRunBegun(step, node, context)) await openNodeFolder(link, folder, carryLimits(context));
    await performDataRun(step, node, context);
    const archive = await takeFiles(step, source, context);
    await removeNodeFolder(link, folder, carryLimits(context));
    return { state: 'done', detail: { archive } };
  });
}

/** Whose data is taken, and when that was decided: what was written before is in it. */
interface Source extends JournalData {
  readonly node: NodeName;
  readonly takenAt: number;
}

/** The choice is kept: what a killed controller began on one node is not begun on another. */
async function chosenSource(step: BackupStep, context: OperationContext): Promise<Source> {
  const { journal, deps } = context;
  const known = journal.history(step.id).results['choose'];
  if (known !== undefined) return known as Source;
  const [only, ...others] = step.nodes;
  return journal.effect<Source>({
    stepId: step.id,
    name: { kind: 'choose', node: others.length === 0 ? only : undefined, role: step.role },
    ref: {},
    act: async () => ({ node: await chooseNode(step, context), takenAt: deps.clock.now() }),
  });
}

/** From then on the folder on the node is the run's. */
function isRunBegun({ id }: BackupStep, node: NodeName, { journal }: OperationContext): boolean {
  const { open, results } = journal.history(id);
  return results['run'] !== undefined || open['run']?.['node'] === node;
}

async function chooseNode(step: BackupStep, context: OperationContext): Promise<NodeName> {
  const { nodes, role } = step;
  const ready = await compileProbes({ role, nodes, which: 'ready' }, context);
  const leader = await compileProbes({ role, nodes, which: 'leader' }, context);
  const { clock } = context.deps;
  const waitSeconds = context.workspace.role(role).ready?.withinSeconds ?? DEFAULT_WAIT_SECONDS;
  const deadlineMs = clock.monotonicMs() + waitSeconds * 1000;
  for (let said = false; ; said = true) {
    const poll = await pollNodes(ready, context);
    const leaders = leader.size === 0 ? [] : (await pollNodes(leader, context)).ready;
    const node = chooseSource({ nodes, ready: ready.size === 0 ? nodes : poll.ready, leaders });
    if (node !== null) return node;
    if (clock.monotonicMs() > deadlineMs) throw noneReady(step, poll, context.cluster.name);
    if (!said) await emitWaiting(step, context, `the backup of ${role} waits for a node that is ready`);
    await pause(context);
  }
}

async function takeFiles(step: BackupStep, source: Source, context: OperationContext): Promise<BackupArchive> {
  const { journal } = context;
  const { node, takenAt } = source;
  const known = journal.history(step.id).results['take'];
  if (known !== undefined) return known['archive'] as BackupArchive;
  const { archive } = await journal.effect({
    stepId: step.id,
    name: { kind: 'take', node, role: step.role },
    ref: { node },
    act: async () => ({ archive: { ...(await carry(step, node, context)), takenAt } }),
  });
  return archive;
}

async function carry(
  step: BackupStep,
  node: NodeName,
  context: OperationContext,
): Promise<Omit<BackupArchive, 'takenAt'>> {
  const { deps, links, operation, signal } = context;
  const folder = { id: operation.id, role: step.role };
  const link = await links.to(node, signal);
  const packed = await packFiles(link, folder, carryLimits(context));
  const archive = await describeArchive(step, node, context);
  const sum = await deps.backups.write(
    draftOf(context),
    archive.file,
    readPacked(link, folder, { bytes: packed.bytes, signal }),
  );
  if (sum.sha256 !== packed.sha256) throw new BdeError('BACKUP_FAILED', 'what came is not what was packed');
  return { ...archive, ...sum };
}

async function describeArchive(
  { role }: BackupStep,
  node: NodeName,
  { workspace }: OperationContext,
): Promise<Omit<BackupArchive, 'bytes' | 'sha256' | 'takenAt'>> {
  const scope = workspace.role(role).data?.scope ?? 'any';
  const place = placeOf(workspace.nodeRecord(node));
  const locked = lockedPackages(workspace.prepared.locks);
  const names = await workspace.compiler.packageNames(node, role);
  const packages = Object.fromEntries(
    names.flatMap((name) => {
      const version = locked[name];
      return version === undefined ? [] : [[name, version] as const];
    }),
  );
  return { role, scope, node, place, file: `${scope === 'any' ? role : `${role}-${place}`}.tar.gz.age`, packages };
}

function noneReady(step: BackupStep, { waiting }: Poll, cluster: string): BdeError {
  const answers = [...waiting].map(([node, why]) => `${node}: ${why}`).join('; ');
  return new BdeError('READY_TIMEOUT', `No node of ${step.role} is ready to be backed up (${answers}).`, {
    subject: { cluster, role: step.role, step: step.id },
    hint: `Look at its services with bde cluster status ${cluster}, then run bde cluster resume ${cluster}.`,
  });
}
