import { describe, expect, it } from 'vitest';
import type { StepId } from '../../../src/errors/ids.js';
import type { PlanOptions } from '../../../src/plan/cluster-view.js';
import type { Desired, DesiredNode } from '../../../src/plan/desired.js';
import { planAuthorityRotation } from '../../../src/plan/plan-authority-rotation.js';
import { planCluster } from '../../../src/plan/plan-cluster.js';
import type { Step } from '../../../src/plan/plan.js';
import { find, ids, node, NOTHING, observedAfter, OPTIONS, role } from './plan-builders.js';

/** Nodes whose base role and whose `web` lay the node's certificate; `db` knows of none. */
function cluster(count: number, why: string | null = null): Desired {
  const nodes = Array.from({ length: count }, (_, index): DesiredNode => ({
    ...node(`c-${String(index)}`, 'web', 'db'),
    certificate: { keys: ['basic', 'web'], why },
  }));
  return { nodes, roles: [role('basic'), role('web'), role('db')] };
}

const planOf = (desired: Desired, part: Partial<PlanOptions> = {}, observed = observedAfter(desired)) =>
  planCluster(desired, observed, { ...OPTIONS, ...part });

/** Ids of the members' own steps in a rolling step. */
function memberIds(steps: readonly Step[], id: string): readonly StepId[] {
  const roll = find(steps, id);
  return roll.kind === 'roll' ? roll.members.flatMap((member) => member.steps.map((each) => each.id)) : [];
}

describe('certificates in a plan', () => {
  it('are made before anything runs on a new node', () => {
    const steps = planOf(cluster(2, 'it has none yet'), {}, NOTHING);

    expect(steps[0]).toMatchObject({
      id: 'certificates/issue',
      nodes: ['c-0', 'c-1'],
      why: 'new certificates for 2 nodes: it has none yet',
    });
    expect(find(steps, 'machine/c-0#1').after).toEqual(['certificates/issue']);
    expect(find(steps, 'converge/c-0/basic')).toMatchObject({ digest: null });
    expect(find(steps, 'converge/c-0/db')).toMatchObject({ digest: 'c-0-db' });
  });

  it('stay where nothing asks for others', () => {
    expect(planOf(cluster(2))).toEqual([]);
  });

  it('are made anew for a node that gets another machine, and for no other', () => {
    const desired = cluster(2);
    const observed = observedAfter(desired);
    const lost = observed.machines.map((machine) =>
      machine.node === 'c-1' ? { ...machine, state: 'absent' as const } : machine,
    );

    const steps = planOf(desired, {}, { ...observed, machines: lost });

    expect(steps[0]).toMatchObject({ kind: 'certificates', nodes: ['c-1'] });
    expect(ids(steps).filter((id) => id.includes('c-0'))).toEqual([]);
  });

  it('that are asked for come with a rolling step of the roles that lay them, and of no other', () => {
    const steps = planOf(cluster(3), { certificates: 'issue' });

    expect(ids(steps)).toEqual([
      'certificates/issue',
      'converge/c-0/basic',
      'converge/c-1/basic',
      'converge/c-2/basic',
      'roll/web',
      'record',
    ]);
    expect(memberIds(steps, 'roll/web')).toEqual(['converge/c-0/web', 'converge/c-1/web', 'converge/c-2/web']);
    expect(find(steps, 'converge/c-0/basic').after).toEqual(['certificates/issue']);
  });

  it('of nodes that are to be off are left as they are', () => {
    const desired = cluster(2);
    const [first, second] = desired.nodes;
    const stopped = { ...desired, nodes: [first!, { ...second!, power: 'off' as const }] };

    expect(planOf(stopped, { certificates: 'issue' })[0]).toMatchObject({ nodes: ['c-0'] });
  });
});

describe('the exchange of an authority', () => {
  const desired = cluster(3);
  const steps = planAuthorityRotation(desired, observedAfter(desired), OPTIONS);

  it('trusts the new one everywhere, then signs with it, then drops the old one', () => {
    const acts = steps.flatMap((step) => (step.kind === 'certificates' ? [[step.id, step.nodes.length]] : []));

    expect(acts).toEqual([
      ['trust/certificates/trust', 0],
      ['sign/certificates/sign', 3],
      ['drop/certificates/drop', 0],
    ]);
  });

  it.each([
    ['trust', 'sign'],
    ['sign', 'drop'],
  ])('ends all of %s before anything of %s begins', (phase, next) => {
    const before = ids(steps).filter((id) => id.startsWith(`${phase}/`));

    expect(find(steps, `${next}/certificates/${next}`).after).toEqual(before);
    expect(before).toContain(`${phase}/roll/web`);
    expect(find(steps, `${next}/converge/c-0/basic`).after).toEqual([`${next}/certificates/${next}`]);
  });

  it('has an id of its own for each step, members too', () => {
    const all = [...ids(steps), ...['trust', 'sign', 'drop'].flatMap((phase) => memberIds(steps, `${phase}/roll/web`))];

    expect(new Set(all).size).toBe(all.length);
    expect(memberIds(steps, 'sign/roll/web')[0]).toBe('sign/converge/c-0/web');
  });

  it('mends what is lost in its first phase alone', () => {
    const observed = { ...observedAfter(desired), machines: [] };

    const mending = planAuthorityRotation(desired, observed, OPTIONS);

    expect(ids(mending).filter((id) => id.includes('machine/'))).toHaveLength(3);
    expect(find(mending, 'trust/certificates/trust')).toMatchObject({ nodes: ['c-0', 'c-1', 'c-2'] });
  });
});
