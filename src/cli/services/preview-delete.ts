import { planDelete } from '../../engine/operations/delete-cluster.js';
import { estimateFromHistory } from '../../engine/past-steps.js';
import { renderPlan } from '../render-plan.js';
import { findCluster } from './find-cluster.js';
import { withEngine, type Surroundings } from './with-engine.js';

/** What deleting would do, and the question that goes before it. */
export async function previewDelete(name: string, surroundings: Surroundings) {
  return withEngine({ ...surroundings, cluster: name }, async (deps) => {
    const plan = await planDelete(deps, await findCluster(deps.store, name));
    const estimate = await estimateFromHistory(plan, deps.store.operations);
    const count = plan.summary.machinesToDestroy;
    return {
      lines: renderPlan(plan, estimate),
      json: { formatVersion: 1, plan, estimate } as const,
      question: `Delete ${name}: ${String(count)} machines and all data on them. Go on?`,
    };
  });
}
