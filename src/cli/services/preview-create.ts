import { planCreate } from '../../engine/operations/plan-create.js';
import { preflight } from '../../engine/preflight.js';
import { renderPlan } from '../render-plan.js';
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
    return {
      lines: [
        ...warnings.map((warning) => `warning: ${warning}`),
        'First, what all clusters of this home share (skipped where it is there already):',
        ...renderPlan(plans.prepare).slice(0, -2),
        '',
        'Then the cluster:',
        ...renderPlan(plans.cluster),
      ],
      json: { formatVersion: 1, warnings, ...plans } as const,
    };
  });
}
