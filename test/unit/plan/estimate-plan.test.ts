import { describe, expect, it } from 'vitest';
import type { NodeName, StepId } from '../../../src/errors/ids.js';
import { estimatePlan, type PastStep } from '../../../src/plan/estimate-plan.js';
import type { ConvergeStep, ReadyStep, RollStep, Step } from '../../../src/plan/plan.js';

function past(stepId: string, seconds: number, didWork = true): PastStep {
  return { stepId: stepId as StepId, durationMs: seconds * 1000, didWork };
}

function converge(node: string, role: string, part: { after?: readonly string[]; force?: boolean } = {}): ConvergeStep {
  const { after = [], force = false } = part;
  const id = `converge/${node}/${role}` as StepId;
  const place = { node: node as NodeName, role, digest: null, force };
  return { kind: 'converge', id, ...place, after: after as StepId[], why: 'a test' };
}

function ready(role: string, after: readonly string[]): ReadyStep {
  return { kind: 'ready', id: `ready/${role}` as StepId, role, nodes: [], after: after as StepId[], why: 'a test' };
}

function roll(steps: readonly ConvergeStep[], maxUnavailable: number): RollStep {
  const members = steps.map((step) => ({ node: step.node, steps: [step] }));
  const bounds = { maxUnavailable, keep: 1, peers: steps.map(({ node }) => node) };
  return { kind: 'roll', id: 'roll/web' as StepId, role: 'web', ...bounds, members, after: [], why: 'a test' };
}

describe('estimatePlan', () => {
  it('adds up along the longest way, whatever nodes the past was on', () => {
    const steps: readonly Step[] = [
      converge('a', 'store'),
      converge('b', 'store'),
      converge('c', 'web'),
      ready('store', ['converge/a/store', 'converge/b/store', 'converge/c/web']),
    ];
    const history = [past('converge/x/store', 4), past('converge/y/web', 9), past('ready/store/x', 2)];

    expect(estimatePlan(steps, history)).toEqual({
      seconds: 11,
      unknownSteps: 0,
      steps: { 'converge/a/store': 4, 'converge/b/store': 4, 'converge/c/web': 9, 'ready/store': 2 },
    });
  });

  it('takes the median of the latest twenty', () => {
    const old = Array.from({ length: 30 }, () => past('converge/x/store', 100));
    const late = [1, 2, 3, 50].flatMap((seconds) => Array.from({ length: 5 }, () => past('converge/x/store', seconds)));

    expect(estimatePlan([converge('a', 'store')], [...old, ...late]).seconds).toBe(3);
  });

  it('expects of what is asked for again that it finds nothing to do', () => {
    const history = [past('converge/x/store', 30), past('converge/x/store', 0.4, false)];

    const first = estimatePlan([converge('a', 'store')], history);
    const again = estimatePlan([converge('a', 'store', { force: true })], history);

    expect([first.seconds, again.seconds]).toEqual([30, 0.4]);
  });

  it('goes through a rolling step batch by batch', () => {
    const steps = [
      roll(
        ['a', 'b', 'c', 'd', 'e'].map((node) => converge(node, 'web')),
        2,
      ),
    ];

    expect(estimatePlan(steps, [past('converge/x/web', 5)]).seconds).toBe(15);
  });

  it('says what is not known, and nothing where all of it is not', () => {
    const steps = [converge('a', 'store'), ready('store', ['converge/a/store'])];

    expect(estimatePlan(steps, [past('ready/store', 3)])).toMatchObject({ seconds: 3, unknownSteps: 1 });
    expect(estimatePlan(steps, [])).toEqual({
      seconds: null,
      unknownSteps: 2,
      steps: { 'converge/a/store': null, 'ready/store': null },
    });
    expect(estimatePlan([], []).seconds).toBe(0);
  });
});
