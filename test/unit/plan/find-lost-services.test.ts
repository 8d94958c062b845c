import { describe, expect, it } from 'vitest';
import type { NodeName, StepId } from '../../../src/errors/ids.js';
import { findLostServices } from '../../../src/plan/find-lost-services.js';
import type { Step } from '../../../src/plan/plan.js';

const node = (name: string, ...memberOf: string[]) => ({ name: name as NodeName, roles: memberOf, memberOf });

const machine = (name: string, start = false): Step => ({
  ...{ kind: 'machine', id: `machine/${name}#2` as StepId, node: name as NodeName, generation: 2, start },
  ...{ after: [], why: 'its machine is gone' },
});

const join = (name: string, role: string): Step => ({
  ...{ kind: 'join', id: `join/${name}/${role}` as StepId, node: name as NodeName, role, peers: [] },
  ...{ after: [], why: 'new' },
});

describe('findLostServices', () => {
  it('finds a role of which every member gets another machine', () => {
    const nodes = [node('a', 'store', 'web'), node('b', 'store'), node('c', 'web')];

    expect(findLostServices([machine('a'), machine('b')], nodes)).toEqual(['store']);
  });

  it('leaves a role alone that somebody is let into, and one whose machines are only started', () => {
    const nodes = [node('a', 'store'), node('b', 'web')];

    expect(findLostServices([machine('a'), join('d', 'store'), machine('b', true)], nodes)).toEqual([]);
  });
});
