import { describe, expect, it } from 'vitest';

import type { Desired, Observed, PlannedRole } from '../../../src/plan/desired.js';
import { findBrokenMajorities } from '../../../src/plan/find-broken-majorities.js';
import { node, observedAfter, OPTIONS, quorumRole, role, withPlaces } from './plan-builders.js';

const LISTED = quorumRole('q');
const FIXED = role('q', [], { update: { maxUnavailable: { count: 1 }, quorum: true } });

function members(count: number, kind: PlannedRole, off: readonly number[] = []): Desired {
  const nodes = Array.from({ length: count }, (_, index) => ({
    ...node(`c-q-${String(index)}`, 'q'),
    power: off.includes(index) ? ('off' as const) : ('on' as const),
  }));
  return { nodes, roles: [role('basic'), kind] };
}

function lost(observed: Observed, ...indices: readonly number[]): Observed {
  const machines = observed.machines.map((machine) =>
    indices.some((index) => machine.node === `c-q-${String(index)}`)
      ? { ...machine, state: 'absent' as const }
      : machine,
  );
  return { ...observed, machines };
}

function broken(from: Desired, to: Desired, dead: readonly number[] = []) {
  return findBrokenMajorities(to, withPlaces(lost(observedAfter(from), ...dead), to), OPTIONS);
}

describe('findBrokenMajorities', () => {
  it.each([
    [5, 3],
    [5, 1],
    [3, 1],
    [2, 1],
  ])('lets %i members that leave in turn become %i', (from, to) => {
    expect(broken(members(from, LISTED), members(to, LISTED))).toEqual([]);
  });

  it('counts the dead that stay on the list while the living leave', () => {
    const from = members(5, LISTED, [0, 1]);
    const observed = observedAfter(from);
    const machines = observed.machines.map((machine, index) =>
      index < 2 ? { ...machine, state: 'off' as const } : machine,
    );

    expect(findBrokenMajorities(members(3, LISTED, [0, 1]), { ...observed, machines }, OPTIONS)).toEqual([
      { role: 'q', members: 4, living: 2, allowed: 5 },
    ]);
  });

  it('says with what numbers members of a fixed list would be too few', () => {
    expect(broken(members(5, FIXED), members(2, FIXED))).toEqual([{ role: 'q', members: 5, living: 2, allowed: 3 }]);
    expect(broken(members(5, FIXED), members(3, FIXED))).toEqual([]);
  });

  it('refuses what needs a majority that is not there any more', () => {
    expect(broken(members(3, LISTED), members(5, LISTED), [0, 1])).toMatchObject([{ role: 'q', allowed: null }]);
  });

  it('lets dead members leave and come anew before others go', () => {
    expect(broken(members(5, LISTED), members(3, LISTED), [0, 1])).toEqual([]);
  });

  it('lets one dead member of three be made anew', () => {
    expect(broken(members(3, LISTED), members(3, LISTED), [2])).toEqual([]);
  });

  it('refuses to turn a majority off, and lets a whole role go off', () => {
    expect(broken(members(3, LISTED), members(3, LISTED, [1, 2]))).toMatchObject([{ living: 1, members: 3 }]);
    expect(broken(members(3, LISTED), members(3, LISTED, [0, 1, 2]))).toEqual([]);
  });

  it('has nothing to say of a role that was never ready', () => {
    const desired = members(3, LISTED);
    const observed = observedAfter(desired);
    const nodes = observed.nodes.map((each) => ({ ...each, name: each.name, memberOf: [] }));

    expect(findBrokenMajorities(members(1, LISTED), { ...observed, nodes }, OPTIONS)).toEqual([]);
  });
});
