import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepId } from '../../../src/errors/ids.js';
import type { Desired, Observed, PlannedRole } from '../../../src/plan/desired.js';
import { planCluster } from '../../../src/plan/plan-cluster.js';
import { flattenSteps, type Step } from '../../../src/plan/plan.js';
import { boundsOf } from '../../../src/plan/plan-roll.js';
import { afterSteps, digest, node, observedAfter, OPTIONS, role, SHAPE, withPlaces } from './plan-builders.js';

/** Two states of one cluster, and the machines that were lost in between. */
interface Change {
  readonly from: Desired;
  readonly to: Desired;
  readonly lost: readonly number[];
}

const NAMES = ['r0', 'r1', 'r2', 'r3'];

const anyAbilities = fc.record({
  join: fc.boolean(),
  leave: fc.boolean(),
  drain: fc.boolean(),
  undrain: fc.boolean(),
  remove: fc.boolean(),
});

/** Roles, each requiring some of those before it: never a cycle. */
const anyRoles = fc
  .array(fc.tuple(fc.array(fc.nat(3), { maxLength: 2 }), fc.boolean(), anyAbilities), { minLength: 4, maxLength: 4 })
  .map((parts): readonly PlannedRole[] =>
    parts.map(([requires, quorum, can], index) => {
      const earlier = [...new Set(requires.filter((each) => each < index))].map((each) => `r${String(each)}`);
      const factsFrom = earlier.slice(1);
      return role(`r${String(index)}`, earlier.slice(0, 1), {
        factsFrom,
        names: earlier,
        can,
        update: { maxUnavailable: { count: 1 }, quorum },
      });
    }),
  );

/** Nodes by index, each with the roles it bears, whether it should run, a version of its files and a size. */
const anyNodes = fc.array(
  fc.record({
    isThere: fc.boolean(),
    roles: fc.uniqueArray(fc.nat(3), { maxLength: 3 }),
    power: fc.constantFrom('on' as const, 'on' as const, 'off' as const),
    version: fc.nat(1),
    memoryMiB: fc.constantFrom(1024, 2048),
    disks: fc.constantFrom([], [], [4]),
  }),
  { minLength: 1, maxLength: 6 },
);

const anyChange: fc.Arbitrary<Change> = fc
  .tuple(anyRoles, anyNodes, anyNodes, fc.uniqueArray(fc.nat(5), { maxLength: 2 }))
  .map(([roles, before, after, lost]) => ({ from: desiredOf(roles, before), to: desiredOf(roles, after), lost }));

type NodeParts = typeof anyNodes extends fc.Arbitrary<readonly (infer Part)[]> ? Part : never;

function desiredOf(roles: readonly PlannedRole[], parts: readonly NodeParts[]): Desired {
  const nodes = parts.flatMap((part, index) => {
    if (!part.isThere) return [];
    const plain = node(`n-${String(index)}`, ...part.roles.map((each) => NAMES[each] ?? ''));
    const digests = Object.entries(plain.digests).map(
      ([key, value]) => [key, digest(`${String(value)}-${String(part.version)}`)] as const,
    );
    const shape = { ...SHAPE, dataDisksGiB: part.disks, size: { ...SHAPE.size, memoryMiB: part.memoryMiB } };
    return [{ ...plain, digests: Object.fromEntries(digests), power: part.power, shape }];
  });
  return { nodes, roles: [role('basic'), ...roles] };
}

function observedBefore({ from, to, lost }: Change): Observed {
  const observed = observedAfter(from);
  const machines = observed.machines.map((machine) => {
    const wanted = from.nodes.find(({ name }) => name === machine.node)?.power ?? 'on';
    const isLost = lost.some((index) => machine.node === `n-${String(index)}`);
    return { ...machine, state: isLost ? ('absent' as const) : wanted };
  });
  return withPlaces({ ...observed, machines }, to);
}

function ancestorsOf(steps: readonly Step[]): ReadonlyMap<StepId, ReadonlySet<StepId>> {
  const ancestors = new Map<StepId, ReadonlySet<StepId>>();
  for (const step of steps) {
    ancestors.set(step.id, new Set(step.after.flatMap((id) => [id, ...(ancestors.get(id) ?? [])])));
  }
  return ancestors;
}

/** Fails where a property does not hold for some change from one state to another. */
function holds(check: (steps: readonly Step[], change: Change, observed: Observed) => void): void {
  fc.assert(
    fc.property(anyChange, (change) => {
      const observed = observedBefore(change);
      check(planCluster(change.to, observed, OPTIONS), change, observed);
    }),
    { numRuns: 300 },
  );
}

describe('the plan of any change', () => {
  it('is acyclic: each step follows all that it waits for', () => {
    holds((steps) => {
      const seen = new Set<string>();
      for (const step of steps) {
        expect(step.after.filter((id) => !seen.has(id))).toEqual([]);
        seen.add(step.id);
      }
    });
  });

  it('names each step once and is the same each time, and as JSON', () => {
    holds((steps, { to }, observed) => {
      const names = flattenSteps(steps).map((step) => step.id);
      expect(names.length).toBe(new Set(names).size);
      expect(planCluster(to, observed, OPTIONS)).toEqual(steps);
      expect(JSON.parse(JSON.stringify(steps))).toEqual(steps);
    });
  });

  it('leaves nothing to do once it is applied', () => {
    holds((steps, { to }, observed) => {
      expect(planCluster(to, afterSteps(observed, steps, to), OPTIONS)).toEqual([]);
    });
  });

  it('converges a role only after all that it requires is settled', () => {
    holds((steps, { to }) => {
      const ancestors = ancestorsOf(steps);
      for (const step of steps) {
        if (step.kind !== 'roll' && step.kind !== 'converge') continue;
        const required = to.roles.find(({ name }) => name === step.role)?.requires ?? [];
        const probes = steps.filter(
          (each) => (each.kind === 'ready' || each.kind === 'roll') && required.includes(each.role),
        );
        const own = 'node' in step ? [step.node] : step.members.map((member) => member.node);
        // What an exchange brings back later belongs to the exchanged node alone.
        const awaited = probes.filter(
          (probe) => !isExchange(probe, steps) && !own.some((name) => isExchanged(name, steps)),
        );
        for (const probe of awaited) expect([...(ancestors.get(step.id) ?? [])]).toContain(probe.id);
      }
    });
  });

  it('lets members of one role in and out one after the other', () => {
    holds((steps, { to }) => {
      const ancestors = ancestorsOf(steps);
      for (const { name } of to.roles) {
        const turns = steps.filter((step) => (step.kind === 'join' || step.kind === 'leave') && step.role === name);
        turns.forEach((step, index) => {
          for (const later of turns.slice(index + 1)) expect([...(ancestors.get(later.id) ?? [])]).toContain(step.id);
        });
      }
    });
  });

  it('changes a member in service nowhere but in its turn', () => {
    holds((steps, { to }, observed) => {
      const exchanged = new Set(steps.flatMap((step) => (step.kind === 'machine' && !step.start ? [step.node] : [])));
      for (const step of steps) {
        if (step.kind !== 'converge' || step.role === 'basic' || exchanged.has(step.node)) continue;
        const memberOf = observed.nodes.find(({ name }) => name === step.node)?.memberOf ?? [];
        expect(memberOf).not.toContain(step.role);
        expect(to.nodes.map(({ name }) => name)).toContain(step.node);
      }
    });
  });

  it('touches no node that is to stay off', () => {
    holds((steps, { to }, observed) => {
      const off = to.nodes.filter(
        ({ name, power }) =>
          power === 'off' && observed.machines.every((each) => each.node !== name || each.state !== 'on'),
      );
      for (const { name } of off) expect(steps.filter((step) => 'node' in step && step.node === name)).toEqual([]);
    });
  });
});

function isExchanged(name: string, steps: readonly Step[]): boolean {
  return steps.some((step) => step.kind === 'machine' && step.node === name && !step.start);
}

function isExchange(probe: Step, steps: readonly Step[]): boolean {
  return probe.kind === 'ready' && probe.nodes.some((name) => isExchanged(name, steps));
}

describe('the bounds of any rolling step', () => {
  const anyRule = fc.record({
    maxUnavailable: fc.oneof(
      fc.record({ count: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
    ),
    quorum: fc.boolean(),
  });

  it('never break a majority of three or more, and always let one go', () => {
    fc.assert(
      fc.property(anyRule, fc.integer({ min: 1, max: 60 }), (rule, count) => {
        const { maxUnavailable, keep } = boundsOf(rule, count);

        expect(maxUnavailable).toBeGreaterThanOrEqual(1);
        expect(keep).toBe(Math.max(0, count - maxUnavailable));
        if (rule.quorum && count >= 3) expect(keep).toBeGreaterThan(count / 2);
      }),
    );
  });
});
