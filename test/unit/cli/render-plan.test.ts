import { describe, expect, it } from 'vitest';
import { renderPlan } from '../../../src/cli/render-plan.js';
import type { NodeName } from '../../../src/errors/ids.js';
import { estimatePlan } from '../../../src/plan/estimate-plan.js';
import { planCluster } from '../../../src/plan/plan-cluster.js';
import { summarizeSteps, type Step } from '../../../src/plan/plan.js';
import type { Desired, Observed } from '../../../src/plan/desired.js';
import { digest, node, NOTHING, observedAfter, OPTIONS, role } from '../plan/plan-builders.js';

/** Three stores and so many workers. */
function clusterOf(workers: number): Desired {
  const stores = ['c-s-0', 'c-s-1', 'c-s-2'].map((name) => node(name, 'store'));
  const others = Array.from({ length: workers }, (_, index) => node(`c-w-${String(index)}`, 'worker'));
  const update = { maxUnavailable: { percent: 10 }, quorum: false };
  return {
    nodes: [...stores, ...others],
    roles: [role('basic'), role('store'), role('worker', ['store'], { update, can: { drain: true } })],
  };
}

function rendered(steps: readonly Step[]): readonly string[] {
  const plan = { formatVersion: 1 as const, operation: 'apply' as const, cluster: 'c', base: digest('b') };
  return renderPlan({ ...plan, steps, summary: summarizeSteps(steps) }, estimatePlan(steps, []));
}

/** The lines of a table without how wide its columns are; what is part of a rolling step begins with two blanks. */
const lines = (steps: readonly Step[]): readonly string[] =>
  rendered(steps).map((line) => line.replace(/(?<=\S) {2,}/g, ' | '));

const planOf = (desired: Desired, observed: Observed = NOTHING): readonly Step[] =>
  planCluster(desired, observed, OPTIONS);

describe('a plan for people', () => {
  it('has a line for each step as long as it is short', () => {
    const shown = rendered(planOf(clusterOf(2)));

    expect(shown.filter((line) => line.startsWith('machine/'))).toHaveLength(5);
  });

  it('has one line for what happens to a thousand nodes', () => {
    const shown = lines(planOf(clusterOf(1000)));

    expect(shown).toEqual([
      'STEP | DIGEST | TAKES | WHY',
      'machine/c-s-0..2#1 | - | (unknown) | on each of 3 nodes: the node has no machine',
      'machine/c-w-0..999#1 | - | (unknown) | on each of 1000 nodes: the node has no machine',
      'converge/c-s-0..2/basic | 3 different | (unknown) | on each of 3 nodes: never applied on this machine',
      'converge/c-w-0..999/basic | 1000 different | (unknown) | on each of 1000 nodes: never applied on this machine',
      'converge/c-s-0..2/store | 3 different | (unknown) | on each of 3 nodes: never applied on this machine',
      'ready/store | - | (unknown) | 3 of its nodes converge',
      'converge/c-w-0..999/worker | 1000 different | (unknown) | on each of 1000 nodes: never applied on this machine',
      'ready/worker | - | (unknown) | 1000 of its nodes converge',
      'record | - | (unknown) | the nodes carry the sealed cluster record',
      '',
      'apply c: 3012 steps, 1003 machines to create, 0 to destroy, 2006 runs on nodes; how long it takes is not known yet.',
    ]);
  });

  it('names the nodes that a long plan leaves out by their ranges', () => {
    const desired = clusterOf(100);
    const observed = observedAfter(desired);
    const healthy = new Set(['c-w-3', 'c-w-50', 'c-w-51', 'c-w-99'] as NodeName[]);
    const machines = observed.machines.filter(({ node: name }) => healthy.has(name) || name.startsWith('c-s'));

    const [, first] = lines(planOf(desired, { ...observed, machines }));

    expect(first).toMatch(/^machine\/c-w-0\.\.2,4\.\.49,52\.\.98#/);
  });

  it('has one line for each thing that happens to the members of a rolling step', () => {
    const desired = clusterOf(100);
    const observed = observedAfter(desired);
    const other = desired.nodes.map((each) =>
      each.roles.includes('worker') ? { ...each, digests: { ...each.digests, worker: digest('other') } } : each,
    );

    const shown = lines(planOf({ ...desired, nodes: other }, observed));

    expect(shown.slice(1, 4)).toEqual([
      'roll/worker | - | (unknown) | 100 of 100 members change; at most 10 at once, 90 of 100 answer at every moment',
      '  drain/c-w-0..99/worker | - | (unknown) | on each of 100 nodes: its turn in the rolling step',
      '  converge/c-w-0..99/worker | other | (unknown) | on each of 100 nodes: its inputs changed',
    ]);
  });
});
