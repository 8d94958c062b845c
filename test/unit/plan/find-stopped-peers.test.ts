import { describe, expect, it } from 'vitest';
import type { Desired } from '../../../src/plan/desired.js';
import { findStoppedPeers } from '../../../src/plan/find-stopped-peers.js';
import { node, observedAfter, quorumRole, role } from './plan-builders.js';

function ensemble(count: number, power: 'on' | 'off', kept = count): Desired {
  const nodes = Array.from({ length: count }, (_, index) => ({
    ...node(`c-zk-${String(index)}`, 'zookeeper'),
    power: index < kept ? power : ('on' as const),
  }));
  return { nodes, roles: [role('basic'), quorumRole('zookeeper')] };
}

describe('findStoppedPeers', () => {
  it('finds members that are to leave while all that stay are off', () => {
    expect(findStoppedPeers(ensemble(1, 'off'), observedAfter(ensemble(3, 'off')))).toEqual([
      { role: 'zookeeper', stopped: ['c-zk-0'], coming: [], leaving: ['c-zk-1', 'c-zk-2'] },
    ]);
  });

  it('finds members that are to come while all that are there are off', () => {
    expect(findStoppedPeers(ensemble(2, 'off', 1), observedAfter(ensemble(1, 'off')))).toEqual([
      { role: 'zookeeper', stopped: ['c-zk-0'], coming: ['c-zk-1'], leaving: [] },
    ]);
  });

  it('finds nothing where a peer runs, where nobody comes or goes, or where the role is new', () => {
    expect(findStoppedPeers(ensemble(1, 'on'), observedAfter(ensemble(3, 'on')))).toEqual([]);
    expect(findStoppedPeers(ensemble(3, 'off'), observedAfter(ensemble(3, 'off')))).toEqual([]);
    expect(findStoppedPeers(ensemble(3, 'off'), observedAfter(ensemble(0, 'on')))).toEqual([]);
  });
});
