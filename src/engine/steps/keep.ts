import type { KeepStep } from '../../plan/plan.js';
import { draftOf } from '../backups/data-order.js';
import { emitEvent, type OperationContext } from '../context.js';
import type { BackupArchive, BackupManifest } from '../ports/backups.js';
import type { StepOutcome } from '../run-steps.js';

/** Makes a backup of what the steps before took: from now on it is in the list. */
export async function performKeepStep(step: KeepStep, context: OperationContext): Promise<StepOutcome> {
  const { deps, journal, cluster, operation } = context;
  const archives = step.after.map((id) => journal.history(id).detail['archive'] as BackupArchive);
  const manifest = manifestOf(archives, context);
  const { folder } = await journal.effect({
    stepId: step.id,
    name: { kind: 'keep' },
    ref: { id: operation.id },
    act: async () => ({ folder: await deps.backups.keep(draftOf(context), manifest) }),
  });
  await emitEvent(deps, {
    kind: 'backup',
    clusterId: cluster.id,
    operationId: operation.id,
    text: `the backup ${operation.id} is kept in ${folder}`,
  });
  return { state: 'done', detail: { folder } };
}

function manifestOf(
  archives: readonly BackupArchive[],
  { cluster, operation, workspace }: OperationContext,
): BackupManifest {
  const { distro } = workspace.resolved;
  return {
    formatVersion: 1,
    id: operation.id,
    cluster: { id: cluster.id, name: cluster.name },
    distro: `${distro.name}@${distro.version}`,
    takenAt: Math.min(...archives.map(({ takenAt }) => takenAt)),
    archives,
  };
}
