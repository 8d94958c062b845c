import type { NodeName } from '../../errors/ids.js';
import type { BackupStep, RestoreStep } from '../../plan/plan.js';
import { filesFolder } from '../backups/node-archive.js';
import type { OperationContext } from '../context.js';
import { performRun } from './perform-run.js';

/**
 * Runs the recipes by which a role's data is written into the folder of a backup on a node, or laid from there.
 *
 * @throws BdeError `CONVERGE_FAILED`
 */
export async function performDataRun(
  { id, kind, role }: BackupStep | RestoreStep,
  node: NodeName,
  context: OperationContext,
): Promise<void> {
  const directory = filesFolder({ id: context.operation.id, role });
  const compiled = await context.workspace.compiler.roleRun(node, role, { which: kind, directory });
  if (compiled === null) throw new TypeError(`the plan has a ${kind} of ${role}, which has no recipes for that`);
  await performRun({ stepId: id, node, key: `${role}.${kind}`, compiled, isAct: true }, context);
}
