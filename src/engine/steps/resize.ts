import type { MachineId } from '../../errors/ids.js';
import type { ResizeStep } from '../../plan/plan.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { ClusterContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';

/** Gives a machine other cores and memory while it stays, and notes that it has them. */
export async function performResizeStep(step: ResizeStep, context: ClusterContext): Promise<StepOutcome> {
  const { deps, journal, lease, cluster } = context;
  const { resizer } = deps.provider;
  if (resizer === undefined) throw new TypeError('the plan resizes a machine in place, which this provider cannot');
  const { shape } = step;
  await journal.effect({
    stepId: step.id,
    name: { kind: 'resize', node: step.node },
    ref: { machineId: step.machineId },
    act: async () => {
      await resizer.resize(step.machineId as MachineId, shape, lease.guard);
      return {};
    },
  });
  await changeAsHolder(context, async (tables) => {
    const machine = (await tables.nodes.listMachines(cluster.id, step.node)).find(({ id }) => id === step.machineId);
    if (machine !== undefined) await tables.nodes.putMachine({ ...machine, shape });
  });
  return { state: 'done', detail: { machineId: step.machineId } };
}
