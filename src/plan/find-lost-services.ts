import type { NodeName } from '../errors/ids.js';
import type { ObservedNode } from './desired.js';
import { flattenSteps, type Step } from './plan.js';

/**
 * Roles whose service ends with a plan, because every node that is in it gets a machine without its data, and nobody lets
 * them in or out: what comes after is founded anew, and who was in the old one is in nothing.
 */
export function findLostServices(steps: readonly Step[], nodes: readonly ObservedNode[]): readonly string[] {
  const all = flattenSteps(steps);
  const renewed = new Set<NodeName>(all.flatMap((step) => (step.kind === 'machine' && !step.start ? [step.node] : [])));
  const kept = new Set(all.flatMap((step) => (step.kind === 'join' || step.kind === 'leave' ? [step.role] : [])));
  const served = new Set(nodes.flatMap(({ memberOf }) => memberOf));
  return [...served].filter((role) => {
    const members = nodes.filter(({ memberOf }) => memberOf.includes(role));
    return !kept.has(role) && members.every(({ name }) => renewed.has(name));
  });
}
