import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../../src/report/progress.js';
import { countUnchanged } from '../../../src/report/unchanged-summary.js';
import { progressOf } from './progress-of.js';

function viewOf(...ends: readonly (readonly [kind: string, state: ProgressEvent['state']])[]) {
  return progressOf(ends.map(([kind, state], index) => ({ at: 1, stepId: `${kind}/${String(index)}`, kind, state })));
}

describe('countUnchanged', () => {
  it('counts the steps on nodes where none of them changed anything', () => {
    const view = viewOf(['publish', 'done'], ['converge', 'unchanged'], ['packages', 'unchanged'], ['ready', 'done']);

    expect(countUnchanged(view)).toBe(2);
  });

  it('is null where one step changed something or failed', () => {
    expect(countUnchanged(viewOf(['converge', 'unchanged'], ['converge', 'done']))).toBeNull();
    expect(countUnchanged(viewOf(['converge', 'unchanged'], ['packages', 'failed']))).toBeNull();
  });

  it('is null where nothing looked at a node', () => {
    expect(countUnchanged(viewOf(['destroy', 'done']))).toBeNull();
  });
});
