import { archiveFor, placeOf } from '../../plan/archive-for.js';
import type { RestoreStep } from '../../plan/plan.js';
import { carryLimits } from '../backups/carry-limits.js';
import { dataOrderOf } from '../backups/data-order.js';
import { openNodeFolder, removeNodeFolder, sendFiles } from '../backups/node-archive.js';
import type { OperationContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';
import { aboutData } from './data-failure.js';
import { performDataRun } from './perform-data-run.js';

/**
 * Puts the data of a backup in the place of a node's: brings the files there and has the role's recipes lay them. Its services
 * are stopped, on all nodes of the role.
 *
 * @throws BdeError `BACKUP_FAILED`, `BACKUP_INVALID`, `CONVERGE_FAILED`
 */
export async function performRestoreStep(step: RestoreStep, context: OperationContext): Promise<StepOutcome> {
  const { node, role } = step;
  return aboutData(step, { node, context }, async () => {
    const archive = await bringFiles(step, context);
    await performDataRun(step, node, context);
    const link = await context.links.to(node, context.signal);
    await removeNodeFolder(link, { id: context.operation.id, role }, carryLimits(context));
    return { state: 'done', detail: { archive } };
  });
}

/** Gives the name of the archive. Files that an earlier attempt brought are there, and a run that it began may be at them. */
async function bringFiles({ id, node, role }: RestoreStep, context: OperationContext): Promise<string> {
  const { deps, journal, links, operation, signal, workspace } = context;
  const { folder, manifest } = dataOrderOf(operation.request, 'restore');
  const archive = archiveFor(manifest.archives, { role, place: placeOf(workspace.nodeRecord(node)) });
  if (archive === undefined) throw new TypeError(`the plan restores ${role} on ${node}, for which there is no data`);
  const { file, sha256 } = archive;
  const { results, open } = journal.history(id);
  if (results['bring'] !== undefined || open['run'] !== undefined) return file;
  await journal.effect({
    stepId: id,
    name: { kind: 'bring', node, role },
    ref: { file },
    act: async () => {
      const link = await links.to(node, signal);
      const place = { id: operation.id, role };
      await openNodeFolder(link, place, carryLimits(context));
      await sendFiles(link, place, { ...carryLimits(context), content: deps.backups.open(folder, file), sha256 });
      return {};
    },
  });
  return file;
}
