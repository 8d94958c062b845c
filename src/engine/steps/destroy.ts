import type { DestroyStep } from '../../plan/plan.js';
import type { MachineId } from '../../errors/ids.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { ClusterContext } from '../context.js';
import type { MachineRecord } from '../ports/store.js';
import type { StepOutcome } from '../run-steps.js';
import { stepId } from '../../plan/plan.js';
import { hostKeySecretName } from '../secret-names.js';

/** Destroys one machine; done when the provider no longer lists it and the store has forgotten it. */
export async function performDestroyStep(step: DestroyStep, context: ClusterContext): Promise<StepOutcome> {
  await context.links.drop(step.node);
  await destroyMachine({ id: step.machineId as MachineId, nodeName: step.node, generation: step.generation }, context);
  return { state: 'done', detail: { machineId: step.machineId } };
}

/** Destroys a machine and forgets it. Idempotent. */
export async function destroyMachine(
  machine: Pick<MachineRecord, 'id' | 'nodeName' | 'generation'>,
  context: ClusterContext,
): Promise<void> {
  const { provider } = context.deps;
  await context.journal.effect({
    stepId: stepId('destroy', `${machine.nodeName}#${String(machine.generation)}`),
    name: { kind: 'destroy', node: machine.nodeName },
    ref: { machineId: machine.id },
    act: async () => {
      await provider.provider.destroy(machine.id, context.lease.guard);
      return {};
    },
  });
  await changeAsHolder(context, async (tables) => {
    await tables.nodes.removeMachine(machine.id);
    await tables.secrets.remove(context.cluster.id, hostKeySecretName(machine.id));
  });
}
