import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { NodeName } from '../../errors/ids.js';
import type { BackupStep, RestoreStep } from '../../plan/plan.js';
import type { OperationContext } from '../context.js';

/** Does what carries data of a role from or to a node; where that fails, the error says whose data. */
export async function aboutData<Result>(
  step: BackupStep | RestoreStep,
  { node, context }: { readonly node: NodeName; readonly context: OperationContext },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isBdeError(error, 'BACKUP_FAILED')) throw error;
    const { name } = context.cluster;
    const said = context.workspace.compiler.redactor(node)(error.message);
    throw new BdeError('BACKUP_FAILED', `The ${step.kind} of ${step.role} failed on ${node}: ${said}`, {
      subject: { cluster: name, node, role: step.role, step: step.id },
      hint: `Look at the disk of ${node}, then run bde cluster resume ${name}.`,
    });
  }
}
