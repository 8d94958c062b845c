import { describe, expect, it } from 'vitest';
import { findLosses } from '../../../src/plan/find-losses.js';
import { planCluster } from '../../../src/plan/plan-cluster.js';
import type { Desired } from '../../../src/plan/desired.js';
import { digest, ids, node, observedAfter, OPTIONS, quorumRole, role, withPlaces } from './plan-builders.js';

const ROLES = [role('basic'), quorumRole('zookeeper')];

function ensemble(count: number): Desired {
  const nodes = Array.from({ length: count }, (_, index) => node(`c-zk-${String(index)}`, 'zookeeper'));
  return { nodes, roles: ROLES };
}

describe('findLosses', () => {
  it('finds nothing in a change of settings', () => {
    const [first, ...others] = ensemble(3).nodes;
    const nodes = [{ ...first!, digests: { ...first!.digests, zookeeper: digest('new') } }, ...others];

    expect(findLosses(planCluster({ nodes, roles: ROLES }, observedAfter(ensemble(3)), OPTIONS))).toEqual([]);
  });

  it('finds members and machines that go', () => {
    const observed = withPlaces(observedAfter(ensemble(3)), ensemble(2));

    expect(ids(findLosses(planCluster(ensemble(2), observed, OPTIONS)))).toEqual([
      'leave/c-zk-2/zookeeper',
      'destroy/c-zk-2#1',
      'forget/c-zk-2',
    ]);
  });

  it('finds machines that are made and members that join', () => {
    const observed = withPlaces(observedAfter(ensemble(1)), ensemble(2));

    expect(ids(findLosses(planCluster(ensemble(2), observed, OPTIONS)))).toEqual([
      'machine/c-zk-1#1',
      'join/c-zk-1/zookeeper',
    ]);
  });
});
