import { describe, expect, it } from 'vitest';
import type { NodeName } from '../../../src/errors/ids.js';
import type { Desired, Observed } from '../../../src/plan/desired.js';
import type { Step } from '../../../src/plan/plan.js';
import { planCluster } from '../../../src/plan/plan-cluster.js';
import {
  digest,
  find,
  ids,
  node,
  observedAfter,
  OPTIONS,
  quorumRole,
  role,
  SHAPE,
  withPlaces,
} from './plan-builders.js';

const ROLES = [role('basic'), quorumRole('zookeeper')];

function ensemble(count: number): Desired {
  return {
    nodes: Array.from({ length: count }, (_, index) => node(`c-zk-${String(index)}`, 'zookeeper')),
    roles: ROLES,
  };
}

function changeOf(from: Desired, to: Desired, observed: Observed = observedAfter(from)) {
  return planCluster(to, withPlaces(observed, to), OPTIONS);
}

/** The same node with other files for a role. */
function changed(desired: Desired, name: string, key: string, to = 'new'): Desired {
  const nodes = desired.nodes.map((each) =>
    each.name === name ? { ...each, digests: { ...each.digests, [key]: digest(to) } } : each,
  );
  return { ...desired, nodes };
}

describe('new members of a role that serves', () => {
  it('come one at a time: converge, join by a peer, ready', () => {
    const steps = changeOf(ensemble(1), ensemble(3));

    expect(ids(steps)).toEqual([
      'machine/c-zk-1#1',
      'machine/c-zk-2#1',
      'converge/c-zk-1/basic',
      'converge/c-zk-2/basic',
      'converge/c-zk-1/zookeeper',
      'join/c-zk-1/zookeeper',
      'ready/zookeeper/c-zk-1',
      'converge/c-zk-2/zookeeper',
      'join/c-zk-2/zookeeper',
      'ready/zookeeper/c-zk-2',
      'record',
    ]);
    expect(find(steps, 'converge/c-zk-2/zookeeper').after).toEqual(['converge/c-zk-2/basic', 'ready/zookeeper/c-zk-1']);
    expect(find(steps, 'join/c-zk-1/zookeeper')).toMatchObject({ peers: ['c-zk-0', 'c-zk-2'] });
  });

  it('come together where neither a join nor a majority asks for turns', () => {
    const roles = [role('basic'), role('agent')];
    const one: Desired = { nodes: [node('c-a-0', 'agent')], roles };
    const three: Desired = { nodes: ['c-a-0', 'c-a-1', 'c-a-2'].map((name) => node(name, 'agent')), roles };

    const steps = changeOf(one, three);

    expect(find(steps, 'ready/agent/new')).toMatchObject({
      nodes: ['c-a-1', 'c-a-2'],
      after: ['converge/c-a-1/agent', 'converge/c-a-2/agent'],
    });
    expect(ids(steps).filter((id) => id.includes('c-a-0'))).toEqual([]);
  });

  it('join though an earlier try converged them already', () => {
    const observed = observedAfter(ensemble(2));
    const nodes = observed.nodes.map((each) => (each.name === 'c-zk-1' ? { ...each, memberOf: [] } : each));

    const steps = changeOf(ensemble(2), ensemble(2), { ...observed, nodes });

    expect(ids(steps)).toEqual(['join/c-zk-1/zookeeper', 'ready/zookeeper/c-zk-1', 'record']);
  });

  it('that replace dead ones come after those have left', () => {
    const observed = observedAfter(ensemble(3));
    const machines = observed.machines.map((each) =>
      each.node === 'c-zk-2' ? { ...each, state: 'absent' as const } : each,
    );

    const steps = changeOf(ensemble(3), ensemble(3), { ...observed, machines });

    expect(ids(steps)).toEqual([
      'leave/c-zk-2/zookeeper',
      'machine/c-zk-2#2',
      'converge/c-zk-2/basic',
      'converge/c-zk-2/zookeeper',
      'join/c-zk-2/zookeeper',
      'ready/zookeeper/c-zk-2',
      'record',
    ]);
    expect(find(steps, 'leave/c-zk-2/zookeeper')).toMatchObject({ peers: ['c-zk-0', 'c-zk-1'] });
    expect(find(steps, 'machine/c-zk-2#2').after).toEqual(['leave/c-zk-2/zookeeper']);
  });
});

describe('members that are not wanted any more', () => {
  it('leave one at a time, the highest index first, and are forgotten', () => {
    const steps = changeOf(ensemble(5), ensemble(3));

    expect(ids(steps)).toEqual([
      'leave/c-zk-4/zookeeper',
      'leave/c-zk-3/zookeeper',
      'destroy/c-zk-4#1',
      'forget/c-zk-4',
      'destroy/c-zk-3#1',
      'forget/c-zk-3',
      'record',
    ]);
    expect(find(steps, 'leave/c-zk-3/zookeeper')).toMatchObject({
      after: ['leave/c-zk-4/zookeeper'],
      peers: ['c-zk-0', 'c-zk-1', 'c-zk-2'],
    });
  });

  it('are drained where they still run, and leave where they do not', () => {
    const agent = role('agent', [], { can: { drain: true, leave: true } });
    const desired = (count: number): Desired => ({
      nodes: Array.from({ length: count }, (_, index) => node(`c-a-${String(index)}`, 'agent')),
      roles: [role('basic'), agent],
    });
    const observed = observedAfter(desired(3));
    const machines = observed.machines.map((each) =>
      each.node === 'c-a-2' ? { ...each, state: 'absent' as const } : each,
    );

    const steps = changeOf(desired(3), desired(1), { ...observed, machines });

    expect(ids(steps).filter((id) => /^(drain|leave)/.test(id))).toEqual([
      'leave/c-a-2/agent',
      'drain/c-a-1/agent',
      'leave/c-a-1/agent',
    ]);
  });

  it('keep their machines until nobody names them', () => {
    const roles = [role('basic'), quorumRole('zookeeper'), role('master', ['zookeeper'])];
    const before: Desired = {
      nodes: [node('c-m-0', 'master'), node('c-zk-0', 'zookeeper'), node('c-zk-1', 'zookeeper')],
      roles,
    };
    const after = changed({ ...before, nodes: before.nodes.slice(0, 2) }, 'c-m-0', 'master');

    const steps = changeOf(before, after);

    expect(find(steps, 'destroy/c-zk-1#1').after).toEqual(['leave/c-zk-1/zookeeper', 'roll/master']);
  });

  it('leave nobody where the role goes altogether', () => {
    const roles = [role('basic'), quorumRole('zookeeper')];
    const before: Desired = { nodes: [node('c-n-0'), node('c-zk-0', 'zookeeper')], roles };

    const steps = changeOf(before, { ...before, nodes: before.nodes.slice(0, 1) });

    expect(ids(steps)).toEqual(['destroy/c-zk-0#1', 'forget/c-zk-0', 'record']);
  });
});

describe('a dead member whose living peers are to leave', () => {
  it('leaves and comes back by way of them, before they go', () => {
    const before = ensemble(3);
    const observed = observedAfter(before);
    const dead = { ...observed, machines: observed.machines.filter(({ node: name }) => name !== 'c-zk-0') };

    const steps = planCluster({ ...before, nodes: before.nodes.slice(0, 1) }, dead, OPTIONS);

    expect(find(steps, 'leave/c-zk-0/zookeeper')).toMatchObject({ peers: ['c-zk-1', 'c-zk-2'] });
    expect(find(steps, 'join/c-zk-0/zookeeper')).toMatchObject({ peers: ['c-zk-1', 'c-zk-2'] });
    expect(find(steps, 'leave/c-zk-2/zookeeper').after).toContain('ready/zookeeper/c-zk-0');
  });
});

describe('members whose files change', () => {
  it('roll while those that are to leave after it count still, dead or alive', () => {
    const before = ensemble(3);
    const after = changed({ ...before, nodes: before.nodes.slice(0, 1) }, 'c-zk-0', 'zookeeper');

    const steps = changeOf(before, after);

    expect(find(steps, 'roll/zookeeper')).toMatchObject({
      maxUnavailable: 1,
      keep: 2,
      peers: ['c-zk-0', 'c-zk-1', 'c-zk-2'],
    });
  });

  it('roll within what the update rule and a majority allow', () => {
    const to = ['c-zk-0', 'c-zk-1', 'c-zk-2'].reduce((state, name) => changed(state, name, 'zookeeper'), ensemble(3));

    const steps = changeOf(ensemble(3), to);

    expect(ids(steps)).toEqual(['roll/zookeeper', 'record']);
    expect(find(steps, 'roll/zookeeper')).toMatchObject({
      maxUnavailable: 1,
      keep: 2,
      peers: to.nodes.map((n) => n.name),
    });
  });

  it('say why, where more is known than that they do', () => {
    const to = changed(ensemble(1), 'c-zk-0', 'zookeeper');
    const reasonOf = (name: string, key: string) => (key === 'zookeeper' ? `the secret of ${name} changes` : null);

    const steps = planCluster(to, observedAfter(ensemble(1)), { ...OPTIONS, reasonOf });

    expect(find(steps, 'roll/zookeeper')).toMatchObject({
      members: [{ steps: [{ id: 'converge/c-zk-0/zookeeper', why: 'the secret of c-zk-0 changes' }] }],
    });
    expect(planCluster(ensemble(1), observedAfter(ensemble(1)), { ...OPTIONS, reasonOf })).toEqual([]);
  });

  it('take their changed packages along, drained before and given work after', () => {
    const agent = role('agent', [], { can: { drain: true, undrain: true } });
    const withPackages = { ...node('c-a-0', 'agent') };
    const before: Desired = {
      nodes: [{ ...withPackages, digests: { ...withPackages.digests, packages: digest('old') } }],
      roles: [role('basic'), agent],
    };

    const steps = planCluster(changed(before, 'c-a-0', 'packages'), observedAfter(before), {
      ...OPTIONS,
      publish: true,
    });

    expect(ids(steps)).toEqual(['publish', 'roll/agent', 'record']);
    expect(steps[1]).toMatchObject({
      after: ['publish'],
      members: [{ steps: [{ id: 'drain/c-a-0/agent' }, { id: 'packages/c-a-0' }, { id: 'undrain/c-a-0/agent' }] }],
    });
  });

  it('come after new members', () => {
    const to = changed(ensemble(3), 'c-zk-0', 'zookeeper');

    const steps = changeOf(ensemble(2), to);

    expect(find(steps, 'roll/zookeeper').after).toEqual(['ready/zookeeper/c-zk-2']);
  });

  it('of a part of the role may be a share of it', () => {
    const agent = role('agent', [], { update: { maxUnavailable: { percent: 25 }, quorum: false } });
    const nodes = Array.from({ length: 10 }, (_, index) => node(`c-a-${String(index)}`, 'agent'));
    const desired: Desired = { nodes, roles: [role('basic'), agent] };

    const steps = changeOf(desired, changed(desired, 'c-a-7', 'agent'));

    expect(find(steps, 'roll/agent')).toMatchObject({ maxUnavailable: 2, keep: 8, members: [{ node: 'c-a-7' }] });
  });
});

describe('a role that a living node no longer bears', () => {
  const before = (can: { readonly remove: boolean }): Desired => ({
    nodes: [node('c-n-0', 'web')],
    roles: [role('basic'), role('web', [], { can })],
  });
  const without = (desired: Desired): Desired => ({ ...desired, nodes: [node('c-n-0')] });

  it('is cleaned off where it knows how', () => {
    const steps = changeOf(before({ remove: true }), without(before({ remove: true })));

    expect(ids(steps)).toEqual(['remove/c-n-0/web', 'record']);
  });

  it('is got rid of by another machine where it does not', () => {
    const steps = changeOf(before({ remove: false }), without(before({ remove: false })));

    expect(ids(steps)).toEqual(['machine/c-n-0#2', 'converge/c-n-0/basic', 'record']);
    expect(steps[0]?.why).toBe('the role web cannot be cleaned off a living node');
  });
});

describe('a machine of another size', () => {
  const larger = (desired: Desired): Desired => ({
    ...desired,
    nodes: desired.nodes.map((each) => ({
      ...each,
      shape: { ...SHAPE, size: { ...SHAPE.size, memoryMiB: 2048 } },
    })),
  });

  it('is changed in place where the provider can', () => {
    const steps = changeOf(ensemble(1), larger(ensemble(1)));

    expect(ids(steps)).toEqual(['resize/c-zk-0', 'record']);
    expect(steps[0]?.why).toBe('1 cores and 2048 MiB are wanted');
  });

  it('takes the place of the other, one node at a time, where it cannot', () => {
    const to = larger(ensemble(2));

    const steps = planCluster(to, observedAfter(ensemble(2)), { ...OPTIONS, canResize: false });

    expect(ids(steps)).toEqual([
      'leave/c-zk-0/zookeeper',
      'machine/c-zk-0#2',
      'converge/c-zk-0/basic',
      'converge/c-zk-0/zookeeper',
      'join/c-zk-0/zookeeper',
      'ready/zookeeper/c-zk-0',
      'leave/c-zk-1/zookeeper',
      'machine/c-zk-1#2',
      'converge/c-zk-1/basic',
      'converge/c-zk-1/zookeeper',
      'join/c-zk-1/zookeeper',
      'ready/zookeeper/c-zk-1',
      'record',
    ]);
    expect(find(steps, 'leave/c-zk-1/zookeeper').after).toEqual(['ready/zookeeper/c-zk-0']);
  });
});

describe('a machine with other disks', () => {
  it('has its work taken away, and back once its node bears its roles again', () => {
    const roles = [role('basic'), role('agent', [], { can: { drain: true, undrain: true } })];
    const before: Desired = { nodes: [node('c-a-0', 'agent')], roles };
    const shape = { ...SHAPE, dataDisksGiB: [8] };
    const to = { ...before, nodes: before.nodes.map((each) => ({ ...each, shape })) };

    expect(ids(planCluster(to, observedAfter(before), OPTIONS))).toEqual([
      'drain/c-a-0/agent',
      'machine/c-a-0#2',
      'converge/c-a-0/basic',
      'converge/c-a-0/agent',
      'ready/agent/c-a-0',
      'undrain/c-a-0/agent',
      'record',
    ]);
  });
});

describe('power', () => {
  const MESOS: Desired = {
    nodes: [node('c-zk-0', 'zookeeper'), node('c-m-0', 'master')],
    roles: [role('basic'), role('zookeeper'), role('master', ['zookeeper'], { can: { drain: true, undrain: true } })],
  };
  const off = (desired: Desired): Desired => ({
    ...desired,
    nodes: desired.nodes.map((each) => ({ ...each, power: 'off' as const })),
  });
  const asleep: Observed = {
    ...observedAfter(MESOS),
    machines: observedAfter(MESOS).machines.map((each) => ({ ...each, state: 'off' as const })),
  };

  it('goes off in reverse order: drained, services, machines', () => {
    const steps = changeOf(MESOS, off(MESOS));

    expect(ids(steps)).toEqual([
      'drain/c-m-0/master',
      'stop/c-m-0/master',
      'stop/c-zk-0/zookeeper',
      'power/c-zk-0#1/off',
      'power/c-m-0#1/off',
    ]);
    expect(find(steps, 'stop/c-zk-0/zookeeper').after).toEqual(['stop/c-m-0/master']);
  });

  it('comes back in order, each machine once what it requires is ready', () => {
    const steps = changeOf(MESOS, MESOS, asleep);

    expect(ids(steps)).toEqual([
      'machine/c-zk-0#1',
      'ready/zookeeper',
      'machine/c-m-0#1',
      'ready/master',
      'undrain/c-m-0/master',
      'record',
    ]);
    expect(find(steps, 'machine/c-m-0#1').after).toEqual(['ready/zookeeper']);
  });

  it('that did not go off comes back by its services, in order', () => {
    const roused = new Set(MESOS.nodes.map(({ name }) => name));

    const steps = planCluster(MESOS, observedAfter(MESOS), { ...OPTIONS, roused });

    expect(ids(steps)).toEqual([
      'start/c-zk-0/zookeeper',
      'ready/zookeeper',
      'start/c-m-0/master',
      'ready/master',
      'undrain/c-m-0/master',
      'record',
    ]);
    expect(find(steps, 'start/c-m-0/master').after).toEqual(['ready/zookeeper']);
  });

  it('that is off asks for nothing, whatever the files should be', () => {
    expect(changeOf(MESOS, changed(off(MESOS), 'c-m-0', 'master'), asleep)).toEqual([]);
  });

  it('of services alone rolls: a restart keeps the role in service', () => {
    const steps = planCluster(MESOS, observedAfter(MESOS), {
      ...OPTIONS,
      restart: (name: NodeName) => name === 'c-m-0',
    });

    expect(ids(steps)).toEqual(['roll/master', 'record']);
    expect(find(steps, 'restart/c-m-0/master')).toMatchObject({ to: 'restart', after: ['drain/c-m-0/master'] });
  });
});

describe('what is looked at after a change', () => {
  it('is accepted for roles that changed and those that require them, on nodes that are open already', () => {
    const roles = [
      role('basic'),
      role('zookeeper', [], { hasAcceptance: true }),
      role('master', ['zookeeper'], { hasAcceptance: true }),
      role('other', [], { hasAcceptance: true }),
    ];
    const desired: Desired = {
      nodes: [
        node('c-m-0', 'master'),
        node('c-o-0', 'other'),
        node('c-zk-0', 'zookeeper'),
        node('c-zk-1', 'zookeeper'),
      ],
      roles,
    };

    const steps = changeOf(desired, changed(desired, 'c-zk-1', 'zookeeper'));

    expect(ids(steps)).toEqual(['roll/zookeeper', 'accept/zookeeper', 'accept/master', 'record']);
    expect(find(steps, 'accept/zookeeper')).toMatchObject({ node: 'c-zk-1' });
  });
});

describe('a cluster record that is outdated', () => {
  it('is left anew though nothing else is to be done', () => {
    const steps = planCluster(ensemble(3), observedAfter(ensemble(3)), { ...OPTIONS, isRecordOutdated: true });

    expect(ids(steps)).toEqual(['record']);
  });
});

describe('an acceptance test that is owed', () => {
  const roles = [role('basic'), role('web', [], { hasAcceptance: true }), role('store', [], { hasAcceptance: true })];
  const desired: Desired = { nodes: [node('c-w-0', 'web'), node('c-s-0', 'store')], roles };

  it('runs though nothing else is to be done, and the record follows it', () => {
    const steps = planCluster(desired, observedAfter(desired), { ...OPTIONS, owedAcceptance: new Set(['store']) });

    expect(ids(steps)).toEqual(['accept/store', 'record']);
    expect(find(steps, 'accept/store')).toMatchObject({ node: 'c-s-0', why: 'it has not passed since it last failed' });
  });

  it('runs after all else that is to be done', () => {
    const other = changed(desired, 'c-w-0', 'web');

    const steps = planCluster(other, observedAfter(desired), { ...OPTIONS, owedAcceptance: new Set(['store']) });

    expect(ids(steps)).toEqual(['roll/web', 'accept/store', 'accept/web', 'record']);
    expect(find(steps, 'accept/store').after).toEqual(['roll/web']);
  });
});

describe('a role whose majority stands in the files of its members', () => {
  const update = { maxUnavailable: { count: 1 }, quorum: true };
  const roles = [role('basic'), role('master', [], { update })];
  const readOf = (steps: readonly Step[], id: string): readonly string[] => find(steps, id).after;

  /** So many masters, each with a file that says how many are a majority. */
  function masters(count: number): Desired {
    const nodes = Array.from({ length: count }, (_, index) => {
      const master = node(`c-m-${String(index)}`, 'master');
      return { ...master, digests: { ...master.digests, master: digest(`${master.name} of ${String(count)}`) } };
    });
    return { nodes, roles };
  }

  it('has it raised in turns by all that are there before more come', () => {
    const steps = changeOf(masters(3), masters(5));

    expect(ids(steps)).toEqual([
      'machine/c-m-3#1',
      'machine/c-m-4#1',
      'converge/c-m-3/basic',
      'converge/c-m-4/basic',
      'roll/master',
      'converge/c-m-3/master',
      'ready/master/c-m-3',
      'converge/c-m-4/master',
      'ready/master/c-m-4',
      'record',
    ]);
    expect(find(steps, 'roll/master')).toMatchObject({ peers: ['c-m-0', 'c-m-1', 'c-m-2'], after: [] });
    expect(readOf(steps, 'converge/c-m-3/master')).toContain('roll/master');
  });

  it('has it lowered once those that go have stopped, and their machines go last', () => {
    const steps = changeOf(masters(5), masters(3));

    expect(ids(steps)).toEqual([
      'stop/c-m-3/master',
      'stop/c-m-4/master',
      'roll/master',
      'destroy/c-m-4#1',
      'forget/c-m-4',
      'destroy/c-m-3#1',
      'forget/c-m-3',
      'record',
    ]);
    expect(find(steps, 'roll/master')).toMatchObject({
      peers: ['c-m-0', 'c-m-1', 'c-m-2'],
      after: ['stop/c-m-3/master', 'stop/c-m-4/master'],
    });
  });

  it('is not raised where those that are there would be too few', () => {
    const steps = changeOf(masters(1), masters(3));

    expect(find(steps, 'converge/c-m-1/master').after).toEqual(['converge/c-m-1/basic']);
    expect(find(steps, 'roll/master').after).toContain('ready/master/c-m-2');
  });

  it('lets a member that was made anew back in before others change', () => {
    const desired = changed(masters(3), 'c-m-0', 'master', 'other');
    const observed = observedAfter(masters(3));
    const machines = observed.machines.map((machine) =>
      machine.node === 'c-m-2' ? { ...machine, state: 'absent' as const } : machine,
    );

    const steps = planCluster(desired, { ...observed, machines }, OPTIONS);

    expect(find(steps, 'roll/master').after).toContain('ready/master/c-m-2');
    expect(find(steps, 'roll/master')).toMatchObject({ peers: ['c-m-0', 'c-m-1', 'c-m-2'] });
  });
});

describe('a member that does not decide', () => {
  const roles = [role('basic'), role('agent', [], { can: { drain: true, leave: true } })];
  const agents = (count: number): Desired => ({
    nodes: Array.from({ length: count }, (_, index) => node(`c-a-${String(index)}`, 'agent')),
    roles,
  });

  it('is stopped before it leaves for good, so that it does not come back', () => {
    const steps = changeOf(agents(2), agents(1));

    expect(ids(steps)).toEqual([
      'drain/c-a-1/agent',
      'stop/c-a-1/agent',
      'leave/c-a-1/agent',
      'destroy/c-a-1#1',
      'forget/c-a-1',
      'record',
    ]);
    expect(find(steps, 'leave/c-a-1/agent').after).toContain('stop/c-a-1/agent');
    expect(find(steps, 'stop/c-a-1/agent')).toMatchObject({ to: 'stop', isLenient: true });
  });

  it('is not where its machine is dead', () => {
    const observed = observedAfter(agents(2));
    const machines = observed.machines.map((machine) =>
      machine.node === 'c-a-1' ? { ...machine, state: 'absent' as const } : machine,
    );

    expect(ids(changeOf(agents(2), agents(1), { ...observed, machines }))).not.toContain('stop/c-a-1/agent');
  });
});
