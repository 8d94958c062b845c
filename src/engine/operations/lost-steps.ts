import type { StepId } from '../../errors/ids.js';
import type { Plan } from '../../plan/plan.js';
import { stepsToRepeat } from '../../plan/steps-to-repeat.js';
import type { ClusterContext } from '../context.js';
import { observeInventory } from '../observe.js';

/** Steps that ended well on machines that are off, half made or gone by now, and what follows them. */
export async function lostSteps(plan: Plan, context: ClusterContext): Promise<ReadonlySet<StepId>> {
  const { machines } = await observeInventory(context.deps, context.cluster);
  const usable = new Set(machines.filter((each) => each.current && each.state === 'on').map((each) => each.node));
  return stepsToRepeat(plan.steps, (node) => !usable.has(node));
}
