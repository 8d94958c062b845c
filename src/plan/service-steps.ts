import type { NodeName } from '../errors/ids.js';
import { stepId, type ServicesStep } from './plan.js';

/** Stops what a role keeps running on a node, waiting for nothing yet. */
export function stopStep(node: NodeName, role: string): Omit<ServicesStep, 'why'> {
  return { kind: 'services', id: stepId('stop', node, role), node, role, to: 'stop', after: [] };
}

/** Starts the services of a role on a node. */
export function startStep(node: NodeName, role: string): Omit<ServicesStep, 'why'> {
  return { kind: 'services', id: stepId('start', node, role), node, role, to: 'start', after: [] };
}

/** Restarts the services of a role on a node. */
export function restartStep(node: NodeName, role: string): ServicesStep {
  return {
    ...{ kind: 'services', id: stepId('restart', node, role), node, role, to: 'restart', after: [] },
    why: 'asked for',
  };
}
