import { describe, expect, it } from 'vitest';
import type { Desired, Observed } from '../../../src/plan/desired.js';
import { planCluster } from '../../../src/plan/plan-cluster.js';
import { flattenSteps, type Step } from '../../../src/plan/plan.js';
import { node, NOTHING, OPTIONS, quorumRole, role } from './plan-builders.js';

/** A few stores that decide by majority, and workers on all other nodes, which require them and a role without a probe. */
function clusterOf(count: number): Desired {
  const stores = Array.from({ length: 5 }, (_, index) => node(`c-s-${String(index)}`, 'store'));
  const workers = Array.from({ length: count - 5 }, (_, index) => node(`c-w-${String(index)}`, 'tuned', 'worker'));
  const tuned = role('tuned', [], { hasReadyProbe: false });
  return {
    nodes: [...stores, ...workers],
    roles: [role('basic'), quorumRole('store'), tuned, role('worker', ['store', 'tuned'], { hasAcceptance: true })],
  };
}

const edgesOf = (steps: readonly Step[]): number =>
  flattenSteps(steps).reduce((sum, { after }) => sum + after.length, 0);

const planOf = (count: number, observed: Observed = NOTHING): readonly Step[] =>
  planCluster(clusterOf(count), observed, { ...OPTIONS, publish: true });

describe('a plan of many nodes', () => {
  it('waits for as many steps a node with four times the nodes', () => {
    const [few, many] = [250, 1000].map((count) => edgesOf(planOf(count)));

    expect(many! / few!).toBeLessThan(4.1);
  });
});
