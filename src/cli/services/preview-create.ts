import { planCreate } from '../../engine/operations/plan-create.js';
import { estimateFromHistory } from '../../engine/past-steps.js';
import { preflight } from '../../engine/preflight.js';
import { AFTER_PREPARE, renderPlan, renderPrepare } from '../render-plan.js';
import { toRequest, type CreateOrder } from './create-cluster.js';
import { readClusterInputs } from './read-cluster-inputs.js';
import { withEngine, type Surroundings } from './with-engine.js';

/** What creating would do, after the same checks. */
export async function previewCreate(order: CreateOrder, surroundings: Surroundings) {
  const inputs = await readClusterInputs(order, surroundings.projectRoot);
  const provider = { name: order.provider, site: order.site };
  return withEngine({ ...surroundings, provider, data: order }, async (deps) => {
    const { repos } = inputs.distro;
    const found = await preflight({ ...inputs, repos, rehearsal: order.rehearsal }, deps);
    const warnings = [...inputs.warnings, ...found];
    const plans = await planCreate(toRequest(inputs, order), deps);
    const { operations } = deps.store;
    const estimate = {
      prepare: await estimateFromHistory(plans.prepare, operations),
      cluster: await estimateFromHistory(plans.cluster, operations),
    };
    return {
      lines: [
        ...warnings.map((warning) => `warning: ${warning}`),
        ...renderPrepare(plans.prepare, estimate.prepare),
        ...renderPlan(plans.cluster, estimate.cluster, AFTER_PREPARE),
      ],
      json: { formatVersion: 1, warnings, ...plans, estimate } as const,
    };
  });
}
