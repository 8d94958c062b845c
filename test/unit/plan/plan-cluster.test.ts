import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeName } from '../../../src/errors/ids.js';
import type { Desired, Observed, ObservedMachine } from '../../../src/plan/desired.js';
import { planCluster } from '../../../src/plan/plan-cluster.js';
import { summarizeSteps } from '../../../src/plan/plan.js';
import { digest, find, ids, node, NOTHING, observedAfter, OPTIONS, role, SHAPE } from './plan-builders.js';

const ENSEMBLE: Desired = {
  nodes: [node('c-zk-0', 'zookeeper'), node('c-zk-1', 'zookeeper'), node('c-m-0', 'master')],
  roles: [role('basic'), role('zookeeper'), role('master', ['zookeeper'])],
};

describe('planCluster', () => {
  it('plans machines, base, roles, readiness and the record for a new cluster', () => {
    const steps = planCluster(ENSEMBLE, NOTHING, OPTIONS);

    expect(ids(steps)).toEqual([
      'machine/c-zk-0#1',
      'machine/c-zk-1#1',
      'machine/c-m-0#1',
      'converge/c-zk-0/basic',
      'converge/c-zk-1/basic',
      'converge/c-m-0/basic',
      'converge/c-zk-0/zookeeper',
      'converge/c-zk-1/zookeeper',
      'ready/zookeeper',
      'converge/c-m-0/master',
      'ready/master',
      'record',
    ]);
  });

  it('lets a role wait for the readiness of what it requires and nothing else', () => {
    const steps = planCluster(ENSEMBLE, NOTHING, OPTIONS);

    expect(find(steps, 'converge/c-m-0/master').after).toEqual(['converge/c-m-0/basic', 'ready/zookeeper']);
    expect(find(steps, 'converge/c-zk-1/zookeeper').after).toEqual(['converge/c-zk-1/basic']);
  });

  it('plans nothing when every digest is applied already', () => {
    const steps = planCluster(ENSEMBLE, observedAfter(ENSEMBLE), OPTIONS);

    expect(steps).toEqual([]);
  });

  it('touches only the node whose digest differs and the holders of the record', () => {
    const observed = observedAfter(ENSEMBLE);
    const applied = {
      ...observed.applied,
      ['c-m-0' as NodeName]: { basic: digest('c-m-0-basic'), master: digest('old') },
    };

    const steps = planCluster(ENSEMBLE, { ...observed, applied }, OPTIONS);

    expect(ids(steps)).toEqual(['roll/master', 'record']);
    expect(find(steps, 'converge/c-m-0/master')).toMatchObject({ digest: 'c-m-0-master', why: 'its inputs changed' });
    expect(find(steps, 'record')).toMatchObject({ nodes: ['c-zk-0', 'c-zk-1', 'c-m-0'] });
  });

  it('clones a fresh generation where the only machine is partial', () => {
    const observed = observedAfter(ENSEMBLE);
    const machines = observed.machines.map((machine) =>
      machine.node === 'c-m-0' ? { ...machine, generation: 3, state: 'partial' as const } : machine,
    );

    const steps = planCluster(ENSEMBLE, { ...observed, machines }, OPTIONS);

    expect(ids(steps)).toContain('machine/c-m-0#4');
    expect(ids(steps)).toContain('converge/c-m-0/basic');
  });

  it('destroys machines of nodes that are no longer wanted, and forgets the nodes', () => {
    const smaller = { ...ENSEMBLE, nodes: ENSEMBLE.nodes.slice(0, 2), roles: ENSEMBLE.roles.slice(0, 2) };

    const steps = planCluster(smaller, observedAfter(ENSEMBLE), OPTIONS);

    expect(ids(steps)).toEqual(['destroy/c-m-0#1', 'forget/c-m-0', 'record']);
  });

  it('puts packages after the base role and after publishing', () => {
    const withPackages: Desired = {
      nodes: ENSEMBLE.nodes
        .slice(0, 1)
        .map((each) => ({ ...each, digests: { ...each.digests, packages: digest('p') } })),
      roles: ENSEMBLE.roles.slice(0, 2),
    };

    const steps = planCluster(withPackages, NOTHING, { ...OPTIONS, publish: true });

    expect(find(steps, 'packages/c-zk-0').after).toEqual(['converge/c-zk-0/basic', 'publish']);
    expect(find(steps, 'converge/c-zk-0/zookeeper').after).toEqual(['packages/c-zk-0']);
  });

  it('runs forced pairs again and says that it was asked for', () => {
    const steps = planCluster(ENSEMBLE, observedAfter(ENSEMBLE), { ...OPTIONS, force: (name) => name === 'c-zk-1' });

    expect(ids(steps)).toEqual(['converge/c-zk-1/basic', 'roll/zookeeper', 'ready/zookeeper', 'record']);
    expect(find(steps, 'converge/c-zk-1/zookeeper').why).toBe('asked for');
    expect(find(steps, 'roll/zookeeper').why).toBe(
      '1 of 2 members are looked at again, and change in turn where they differ',
    );
  });
});

describe('a machine', () => {
  const NODE = 'c-m-0' as NodeName;
  const ONE: Desired = { nodes: [node('c-m-0')], roles: [role('basic')] };

  function observedAs(...machines: readonly (readonly [ObservedMachine['state'], boolean, number])[]): Observed {
    return {
      nodes: [{ name: NODE, roles: ['basic'], memberOf: [] }],
      machines: machines.map(([state, current, generation]) => ({
        shape: SHAPE,
        machineId: `id-${String(generation)}`,
        node: NODE,
        generation,
        state,
        current,
      })),
      applied: { [NODE]: { basic: digest('c-m-0-basic') } },
    };
  }

  it('that is off is started, and nothing runs on it again', () => {
    const steps = planCluster(ONE, observedAs(['off', true, 2]), OPTIONS);

    expect(ids(steps)).toEqual(['machine/c-m-0#2', 'record']);
    expect(steps[0]).toMatchObject({ start: true, why: 'its machine is off' });
    expect(summarizeSteps(steps).machinesToCreate).toBe(0);
  });

  it('that is gone is made anew under the next generation, with all that was applied', () => {
    const steps = planCluster(ONE, observedAs(['absent', true, 2]), OPTIONS);

    expect(ids(steps)).toEqual(['machine/c-m-0#3', 'converge/c-m-0/basic', 'record']);
    expect(steps[0]).toMatchObject({ start: false, why: 'its machine is gone' });
  });

  it('that was given up is destroyed, there or not', () => {
    const steps = planCluster(ONE, observedAs(['absent', false, 1], ['on', true, 2]), OPTIONS);

    expect(ids(steps)).toEqual(['destroy/c-m-0#1', 'record']);
  });
});

describe('packages', () => {
  const ONE: Desired = {
    nodes: [{ ...node('c-m-0'), digests: { basic: digest('c-m-0-basic'), packages: digest('p') } }],
    roles: [role('basic')],
  };

  it('are published only where a node installs some', () => {
    const steps = planCluster(ONE, observedAfter(ONE), { ...OPTIONS, publish: true });

    expect(steps).toEqual([]);
  });

  it('are installed again where that is asked for', () => {
    const steps = planCluster(ONE, observedAfter(ONE), {
      ...OPTIONS,
      publish: true,
      force: (_, key) => key === 'packages',
    });

    expect(ids(steps)).toEqual(['publish', 'packages/c-m-0', 'record']);
  });
});

describe('a role that uses facts of another', () => {
  const FACTS: Desired = {
    nodes: [node('c-a-0', 'agent'), node('c-z-0', 'source')],
    roles: [role('basic'), { ...role('agent'), factsFrom: ['source'] }, role('source')],
  };

  it('comes after it, though it does not require it', () => {
    const steps = planCluster(FACTS, NOTHING, OPTIONS);

    expect(find(steps, 'converge/c-a-0/agent').after).toEqual(['converge/c-a-0/basic', 'ready/source']);
  });

  it('is planned with unknown inputs while that is to converge', () => {
    const steps = planCluster(FACTS, observedAfter(FACTS), { ...OPTIONS, force: (_, key) => key === 'source' });

    expect(ids(steps)).toEqual(['roll/source', 'ready/source', 'roll/agent', 'record']);
    expect(find(steps, 'converge/c-a-0/agent')).toMatchObject({ digest: null, why: 'its inputs are not known yet' });
  });
});

/** Roles r0…rN, each requiring some of those before it, on nodes that bear some of them: never a cycle. */
const anyDesired = fc
  .tuple(
    fc.array(fc.array(fc.nat(5), { maxLength: 3 }), { minLength: 1, maxLength: 6 }),
    fc.array(fc.uniqueArray(fc.nat(5), { maxLength: 4 }), { minLength: 1, maxLength: 6 }),
  )
  .map(([requires, bearers]): Desired => {
    const names = requires.map((_, index) => `r${String(index)}`);
    const roles = requires.map((list, index) => {
      const earlier = [...new Set(list.filter((each) => each < index).map((each) => `r${String(each)}`))];
      // Every other one is used for its facts alone.
      const factsFrom = earlier.filter((_, position) => position % 2 === 1);
      return {
        ...role(
          `r${String(index)}`,
          earlier.filter((name) => !factsFrom.includes(name)),
        ),
        factsFrom,
      };
    });
    const nodes = bearers.map((list, index) =>
      node(`c-n-${String(index)}`, ...list.flatMap((each) => names[each] ?? [])),
    );
    return { nodes, roles: [role('basic'), ...roles] };
  });

describe('any plan', () => {
  it('is in an order in which each step follows all that it waits for', () => {
    fc.assert(
      fc.property(anyDesired, (desired) => {
        const seen = new Set<string>();
        for (const step of planCluster(desired, NOTHING, OPTIONS)) {
          expect(step.after.every((id) => seen.has(id))).toBe(true);
          seen.add(step.id);
        }
      }),
    );
  });

  it('has unique step ids and is the same each time', () => {
    fc.assert(
      fc.property(anyDesired, (desired) => {
        const steps = planCluster(desired, NOTHING, OPTIONS);

        expect(new Set(ids(steps)).size).toBe(steps.length);
        expect(planCluster(desired, NOTHING, OPTIONS)).toEqual(steps);
        expect(JSON.parse(JSON.stringify(steps))).toEqual(steps);
      }),
    );
  });

  it('leaves nothing to plan once it is applied', () => {
    fc.assert(
      fc.property(anyDesired, (desired) => {
        expect(planCluster(desired, observedAfter(desired), OPTIONS)).toEqual([]);
      }),
    );
  });

  it('converges each role of a node after every role that it requires or has facts from is ready', () => {
    fc.assert(
      fc.property(anyDesired, (desired) => {
        const steps = planCluster(desired, NOTHING, OPTIONS);
        for (const step of steps) {
          if (step.kind !== 'converge') continue;
          const { requires = [], factsFrom = [] } = desired.roles.find((each) => each.name === step.role) ?? {};
          const borne = [...requires, ...factsFrom].filter((name) =>
            desired.nodes.some((each) => each.roles.includes(name)),
          );
          expect(step.after).toEqual(expect.arrayContaining(borne.map((name) => `ready/${name}`)));
        }
      }),
    );
  });
});
