import { describe, expect, it } from 'vitest';
import type { NodeName, StepId } from '../../../src/errors/ids.js';
import type { Step } from '../../../src/plan/plan.js';
import { stepsToRepeat } from '../../../src/plan/steps-to-repeat.js';

function machine(node: string): Step {
  return {
    kind: 'machine',
    id: `machine/${node}` as StepId,
    node: node as NodeName,
    generation: 1,
    start: false,
    after: [],
    why: '',
  };
}

function converge(node: string, ...after: string[]): Step {
  const id = `converge/${node}` as StepId;
  return {
    kind: 'converge',
    id,
    node: node as NodeName,
    role: 'r',
    digest: null,
    force: false,
    after: after as StepId[],
    why: '',
  };
}

const STEPS: readonly Step[] = [
  machine('a'),
  machine('b'),
  converge('a', 'machine/a'),
  converge('b', 'machine/b'),
  { kind: 'record', id: 'record' as StepId, nodes: [], after: ['converge/a', 'converge/b'] as StepId[], why: '' },
];

describe('stepsToRepeat', () => {
  it('is empty while every machine is usable', () => {
    expect(stepsToRepeat(STEPS, () => false)).toEqual(new Set());
  });

  it('holds the machine of a lost node and all that follows it, directly or not', () => {
    expect(stepsToRepeat(STEPS, (node) => node === 'a')).toEqual(new Set(['machine/a', 'converge/a', 'record']));
  });
});
