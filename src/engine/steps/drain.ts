import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { DrainStep, UndrainStep } from '../../plan/plan.js';
import { emitEvent, type OperationContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';
import { describeResult } from './ask-probe.js';

/**
 * Takes work away from a node, or gives it back. Where the node goes for good, one that fails to drain, for it may be dead,
 * is told and left.
 *
 * @throws BdeError `MEMBERSHIP_FAILED`
 */
export async function performDrainStep(step: DrainStep | UndrainStep, context: OperationContext): Promise<StepOutcome> {
  const { kind, id, node, role } = step;
  const said = await context.journal.effect({
    stepId: id,
    name: { kind, node, role },
    ref: {},
    act: async () => ({ said: await tryCommand(step, context) }),
  });
  return { state: said.said === null ? 'unchanged' : 'done', detail: said };
}

async function tryCommand(step: DrainStep | UndrainStep, context: OperationContext): Promise<string | null> {
  try {
    return await runCommand(step, context);
  } catch (error) {
    if (step.kind !== 'drain' || !step.isLenient || !isBdeError(error)) throw error;
    await emitEvent(context.deps, {
      kind: 'warning',
      clusterId: context.cluster.id,
      operationId: context.operation.id,
      node: step.node,
      role: step.role,
      text: `${step.node} is not drained of ${step.role}: ${error.message}`,
    });
    return null;
  }
}

async function runCommand(step: DrainStep | UndrainStep, context: OperationContext): Promise<string | null> {
  const { links, signal, workspace } = context;
  const command = await workspace.compiler.probe(step.node, step.role, step.kind);
  if (command === null) return null;
  const link = await links.to(step.node, signal);
  const result = await link.command(['sh', '-c', command.text], { timeoutMs: command.timeoutMs, signal });
  const said = workspace.compiler.redactor(step.node)(describeResult(result));
  if (result.exitCode === 0) return said;
  throw new BdeError('MEMBERSHIP_FAILED', `The ${step.kind} of ${step.role} failed on ${step.node}: ${said}`, {
    subject: { cluster: context.cluster.name, node: step.node, role: step.role, step: step.id },
    hint: `Look at the service on the node, then run bde cluster resume ${context.cluster.name}.`,
  });
}
