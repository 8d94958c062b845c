import type { MachineId } from '../../errors/ids.js';
import type { PowerStep } from '../../plan/plan.js';
import type { ClusterContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';

/** Asks a machine to shut down; done when it is off. */
export async function performPowerStep(step: PowerStep, context: ClusterContext): Promise<StepOutcome> {
  const { deps, journal, links, lease } = context;
  await journal.effect({
    stepId: step.id,
    name: { kind: 'power-off', node: step.node },
    ref: { machineId: step.machineId },
    act: async () => {
      await links.drop(step.node);
      await deps.provider.provider.power(step.machineId as MachineId, 'off', lease.guard);
      return {};
    },
  });
  return { state: 'done', detail: { machineId: step.machineId } };
}
