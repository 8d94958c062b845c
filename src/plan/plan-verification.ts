import { ClusterView, type PlanOptions } from './cluster-view.js';
import type { Desired, Observed } from './desired.js';
import { acceptStep } from './plan-closing.js';
import { readyStep } from './plan-role.js';
import type { Step } from './plan.js';

/** The steps that look whether a cluster does its work, and change nothing: every role ready, then every acceptance test. */
export function planVerification(desired: Desired, observed: Observed, options: PlanOptions): readonly Step[] {
  const view = new ClusterView(desired, observed, options);
  const borne = view.order.filter(({ name }) => view.namesOf(name).length > 0);
  const ready = borne
    .filter(({ hasReadyProbe }) => hasReadyProbe)
    .map(({ name }) => readyStep(name, view.namesOf(name), { after: [], why: 'asked for' }));
  const after = ready.map(({ id }) => id);
  const accepts = borne
    .filter(({ hasAcceptance }) => hasAcceptance)
    .flatMap(({ name }) =>
      view
        .namesOf(name)
        .slice(0, 1)
        .map((node) => acceptStep(name, node, { after, why: 'asked for' })),
    );
  return [...ready, ...accepts];
}
