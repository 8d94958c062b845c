import { describe, expect, it } from 'vitest';
import { blamesChange } from '../../../src/engine/operations/blames-change.js';
import { BdeError } from '../../../src/errors/bde-error.js';
import type { ErrorCode } from '../../../src/errors/codes.js';

const failed = (code: ErrorCode, details: ConstructorParameters<typeof BdeError>[2] = {}): BdeError =>
  new BdeError(code, 'it failed', details);

describe('blamesChange', () => {
  it.each<[ErrorCode, boolean]>([
    ['CONVERGE_FAILED', true],
    ['ACCEPTANCE_FAILED', true],
    ['CONNECT_FAILED', false],
    ['CONNECT_LOST', false],
    ['PROVIDER_FAILED', false],
    ['REPO_FAILED', false],
    ['RUN_REFUSED', false],
    ['NODE_FAILED', false],
  ])('says of %s whether it may come from what a change changes', (code, expected) => {
    expect(blamesChange(failed(code))).toBe(expected);
  });

  it('holds a node that says no against the change, and one that cannot be asked not', () => {
    const silence = (unreached: readonly string[]) => ({ data: { waiting: ['a', 'b'], unreached } });

    expect(blamesChange(failed('READY_TIMEOUT', silence(['a'])))).toBe(true);
    expect(blamesChange(failed('READY_TIMEOUT', silence(['a', 'b'])))).toBe(false);
  });

  it('holds work that cannot be given back against the change, and work that cannot be taken away not', () => {
    expect(blamesChange(failed('MEMBERSHIP_FAILED', { subject: { step: 'undrain/a/agent' } }))).toBe(true);
    expect(blamesChange(failed('MEMBERSHIP_FAILED', { subject: { step: 'drain/a/agent' } }))).toBe(false);
  });

  it('finds one such failure among many that are none', () => {
    const failures = [failed('CONNECT_LOST'), failed('CONVERGE_FAILED')];

    expect(blamesChange(failed('CONNECT_LOST', { failures }))).toBe(true);
  });
});
