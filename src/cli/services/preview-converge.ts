import { planConverge } from '../../engine/operations/converge-cluster.js';
import type { ConvergeSelection } from '../../engine/operations/selection.js';
import { estimateFromHistory } from '../../engine/past-steps.js';
import { renderPlan } from '../render-plan.js';
import { findCluster } from './find-cluster.js';
import { withEngine, type Surroundings } from './with-engine.js';

/** Which steps a converge would run. */
export function previewConverge(name: string, selection: ConvergeSelection, surroundings: Surroundings) {
  return withEngine({ ...surroundings, cluster: name }, async (deps) => {
    const plan = await planConverge(selection, await findCluster(deps.store, name), deps);
    const estimate = await estimateFromHistory(plan, deps.store.operations);
    return { lines: renderPlan(plan, estimate), json: { formatVersion: 1, plan, estimate } as const };
  });
}
