import { expect, it } from 'vitest';
import { pastSteps } from '../../../src/engine/past-steps.js';
import type { StepEntry } from '../../../src/engine/ports/store.js';
import type { StepId } from '../../../src/errors/ids.js';
import { aStepEntry } from '../../contract/store-records.js';

function entry(stepId: string, state: StepEntry['state'], at: number): StepEntry {
  return { ...aStepEntry({ stepId: stepId as StepId }), state, at };
}

it('gives how long steps took that ended well, a resumed one from its resume', () => {
  const entries = [
    ...[entry('a', 'running', 1_000), entry('b', 'running', 1_500), entry('a', 'done', 3_000)],
    ...[entry('b', 'failed', 4_000), entry('c', 'running', 5_000), entry('c', 'running', 9_000)],
    ...[entry('c', 'unchanged', 9_200), entry('d', 'done', 9_500), entry('e', 'running', 9_600)],
  ];

  expect(pastSteps(entries)).toEqual([
    { stepId: 'a', durationMs: 2_000, didWork: true },
    { stepId: 'c', durationMs: 200, didWork: false },
  ]);
});
