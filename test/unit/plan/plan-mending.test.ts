import { describe, expect, it } from 'vitest';
import type { NodeName } from '../../../src/errors/ids.js';
import type { Desired, Observed, ObservedMachine } from '../../../src/plan/desired.js';
import { findBrokenMajorities } from '../../../src/plan/find-broken-majorities.js';
import { planCluster } from '../../../src/plan/plan-cluster.js';
import { find, ids, node, observedAfter, OPTIONS, quorumRole, role, SHAPE } from './plan-builders.js';

const TWO_DISKS = { ...SHAPE, dataDisksGiB: [2, 2] };

function ensemble(shape = SHAPE): Desired {
  const nodes = [0, 1, 2].map((index) => ({ ...node(`c-q-${String(index)}`, 'q'), shape }));
  return { nodes, roles: [role('basic'), { ...quorumRole('q'), hasAcceptance: true }] };
}

/** What is observed of a cluster that is well but for these machines. */
function except(desired: Desired, changes: Readonly<Record<string, Partial<ObservedMachine>>>): Observed {
  const observed = observedAfter(desired);
  return { ...observed, machines: observed.machines.map((each) => ({ ...each, ...changes[each.node] })) };
}

function alone(...names: readonly string[]): { readonly leaveAlone: ReadonlySet<NodeName> } {
  return { leaveAlone: new Set(names as NodeName[]) };
}

describe('the data disks of a node that gets another machine', () => {
  const machineOf = (observed: Observed, desired = ensemble(TWO_DISKS)) =>
    find(planCluster(desired, observed, OPTIONS), 'machine/c-q-1#2');

  it('are kept where each of them can be read', () => {
    const observed = except(ensemble(TWO_DISKS), { 'c-q-1': { state: 'absent', readableDisks: [0, 1] } });

    expect(machineOf(observed)).toMatchObject({ disks: 'kept', why: 'its machine is gone; its data disks are kept' });
  });

  it('are lost where one of them cannot be read, or nobody can say', () => {
    const half = except(ensemble(TWO_DISKS), { 'c-q-1': { state: 'absent', readableDisks: [1] } });
    const unknown = except(ensemble(TWO_DISKS), { 'c-q-1': { state: 'absent' } });

    expect(machineOf(half)).toMatchObject({ disks: 'lost', why: 'its machine is gone; its data disks are lost' });
    expect(machineOf(unknown)).toMatchObject({ disks: 'lost' });
  });

  it('are lost where other ones are wanted', () => {
    const wanted = ensemble({ ...SHAPE, dataDisksGiB: [4] });
    const observed = except(ensemble(TWO_DISKS), { 'c-q-1': { state: 'absent', readableDisks: [0, 1] } });

    expect(machineOf(observed, wanted)).toMatchObject({ disks: 'lost' });
  });

  it('are not spoken of where there are none, or the machine is only started', () => {
    const gone = except(ensemble(), { 'c-q-1': { state: 'absent' } });
    const off = except(ensemble(TWO_DISKS), { 'c-q-1': { state: 'off', readableDisks: [0, 1] } });

    expect(machineOf(gone, ensemble())).not.toHaveProperty('disks');
    expect(find(planCluster(ensemble(TWO_DISKS), off, OPTIONS), 'machine/c-q-1#1')).not.toHaveProperty('disks');
  });

  it('stay with the machines that were given up until they are taken over', () => {
    const observed = except(ensemble(TWO_DISKS), { 'c-q-1': { state: 'partial', readableDisks: [1] } });
    const given = { ...observed.machines[1]!, machineId: 'id-old', generation: 0, current: false, readableDisks: [0] };
    const steps = planCluster(ensemble(TWO_DISKS), { ...observed, machines: [...observed.machines, given] }, OPTIONS);

    expect(find(steps, 'machine/c-q-1#2')).toMatchObject({ disks: 'kept' });
    expect(ids(steps).filter((id) => id.startsWith('destroy'))).toEqual([]);
  });
});

describe('a node that is left alone', () => {
  const dead = except(ensemble(), { 'c-q-1': { state: 'absent' }, 'c-q-2': { state: 'off' } });

  it('has no step, and nobody waits for it', () => {
    expect(planCluster(ensemble(), dead, { ...OPTIONS, ...alone('c-q-1', 'c-q-2') })).toEqual([]);
  });

  it('does not keep others from being mended; what needs all of them is not tested', () => {
    const steps = planCluster(ensemble(), dead, { ...OPTIONS, ...alone('c-q-1') });

    expect(ids(steps)).toEqual(['machine/c-q-2#1', 'ready/q', 'record']);
    expect(find(steps, 'record')).toMatchObject({ nodes: ['c-q-0', 'c-q-2'] });
  });

  it('counts as dead where a majority is asked for', () => {
    const replace = new Map([['c-q-0' as NodeName, 'asked for']]);
    const observed = except(ensemble(), { 'c-q-1': { state: 'absent' } });

    expect(findBrokenMajorities(ensemble(), observed, { ...OPTIONS, replace, ...alone('c-q-1') })).toMatchObject([
      { role: 'q', living: 1, members: 3 },
    ]);
  });
});
