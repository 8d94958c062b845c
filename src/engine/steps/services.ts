import { BdeError, isBdeError } from '../../errors/bde-error.js';
import type { ServicesStep } from '../../plan/plan.js';
import { emitEvent, type OperationContext } from '../context.js';
import type { JournalData } from '../journal.js';
import type { StepOutcome } from '../run-steps.js';
import { describeResult } from './ask-probe.js';

/**
 * Stops or restarts the units that a role keeps running on a node; stopping goes backwards through its recipes.
 *
 * @throws BdeError `CONVERGE_FAILED`
 */
export async function performServicesStep(step: ServicesStep, context: OperationContext): Promise<StepOutcome> {
  const { workspace, journal } = context;
  const units = await workspace.compiler.units(step.node, step.role);
  if (units.length === 0) return { state: 'unchanged', detail: {} };
  const ordered = step.to === 'stop' ? [...units].reverse() : units;
  await journal.effect({
    stepId: step.id,
    name: { kind: step.to, node: step.node, role: step.role },
    ref: { units: ordered },
    act: () => (step.isLenient === true ? tryCommand(step, ordered, context) : command(step, ordered, context)),
  });
  return { state: 'done', detail: { units: ordered } };
}

/** What is dead serves nothing, stopped or not. */
async function tryCommand(
  step: ServicesStep,
  units: readonly string[],
  context: OperationContext,
): Promise<JournalData> {
  try {
    return await command(step, units, context);
  } catch (error) {
    if (!isBdeError(error)) throw error;
    const { deps, cluster, operation } = context;
    await emitEvent(deps, {
      kind: 'warning',
      ...{ clusterId: cluster.id, operationId: operation.id, node: step.node, role: step.role },
      text: `${step.role} is not stopped on ${step.node}: ${error.message}`,
    });
    return {};
  }
}

async function command(
  step: ServicesStep,
  units: readonly string[],
  { links, signal, deps, cluster }: OperationContext,
): Promise<JournalData> {
  const link = await links.to(step.node, signal);
  const { runTimeoutMs: timeoutMs } = deps.limits;
  const result = await link.command(['systemctl', step.to, '--', ...units], { timeoutMs, signal });
  if (result.exitCode !== 0) throw servicesFailed(step, describeResult(result), cluster.name);
  return {};
}

function servicesFailed(step: ServicesStep, said: string, cluster: string): BdeError {
  return new BdeError('CONVERGE_FAILED', `The ${step.to} of ${step.role} failed on ${step.node}: ${said}`, {
    subject: { cluster, node: step.node, role: step.role, step: step.id },
    hint: `Read its log: bde cluster ssh ${cluster} ${step.node} -- journalctl -e, then run bde cluster resume ${cluster}.`,
  });
}
