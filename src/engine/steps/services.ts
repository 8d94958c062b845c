import { BdeError } from '../../errors/bde-error.js';
import type { ServicesStep } from '../../plan/plan.js';
import type { OperationContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';
import { describeResult } from './ask-probe.js';

/**
 * Stops or restarts the units that a role keeps running on a node; stopping goes backwards through its recipes.
 *
 * @throws BdeError `CONVERGE_FAILED`
 */
export async function performServicesStep(step: ServicesStep, context: OperationContext): Promise<StepOutcome> {
  const { links, signal, workspace, deps, journal } = context;
  const units = await workspace.compiler.units(step.node, step.role);
  if (units.length === 0) return { state: 'unchanged', detail: {} };
  const ordered = step.to === 'stop' ? [...units].reverse() : units;
  await journal.effect({
    stepId: step.id,
    name: { kind: step.to, node: step.node, role: step.role },
    ref: { units: ordered },
    act: async () => {
      const link = await links.to(step.node, signal);
      const { runTimeoutMs: timeoutMs } = deps.limits;
      const result = await link.command(['systemctl', step.to, '--', ...ordered], { timeoutMs, signal });
      if (result.exitCode !== 0) throw servicesFailed(step, describeResult(result), context.cluster.name);
      return {};
    },
  });
  return { state: 'done', detail: { units: ordered } };
}

function servicesFailed(step: ServicesStep, said: string, cluster: string): BdeError {
  return new BdeError('CONVERGE_FAILED', `The ${step.to} of ${step.role} failed on ${step.node}: ${said}`, {
    subject: { cluster, node: step.node, role: step.role, step: step.id },
    hint: `Read its log: bde cluster ssh ${cluster} ${step.node} -- journalctl -e, then run bde cluster resume ${cluster}.`,
  });
}
