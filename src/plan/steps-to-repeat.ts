import type { NodeName, StepId } from '../errors/ids.js';
import type { Step } from './plan.js';

/**
 * The steps that must run again, ended well or not, because the machine they made or worked on is no longer usable: the
 * machine steps of such nodes, and all that comes after these, directly or not. Steps are in an order that respects
 * `after`.
 */
export function stepsToRepeat(steps: readonly Step[], isLost: (node: NodeName) => boolean): ReadonlySet<StepId> {
  const repeated = new Set<StepId>();
  for (const step of steps) {
    const isOwn = step.kind === 'machine' && isLost(step.node);
    if (isOwn || step.after.some((id) => repeated.has(id))) repeated.add(step.id);
  }
  return repeated;
}
