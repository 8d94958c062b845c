import type { ForgetStep } from '../../plan/plan.js';
import { changeAsHolder } from '../change-as-holder.js';
import type { ClusterContext } from '../context.js';
import type { StepOutcome } from '../run-steps.js';

/** Forgets a node whose machines are gone: its name, address and ordinal are free again. */
export async function performForgetStep(step: ForgetStep, context: ClusterContext): Promise<StepOutcome> {
  const { cluster, deps } = context;
  await changeAsHolder(context, async (tables) => {
    await tables.facts.removeOfNode(cluster.id, step.node);
    await tables.nodes.removeNode(cluster.id, step.node);
  });
  deps.faults.reach({ kind: 'forget', node: step.node }, 'recorded');
  return { state: 'done', detail: {} };
}
