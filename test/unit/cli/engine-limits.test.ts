import { describe, expect, it } from 'vitest';
import { engineLimits } from '../../../src/cli/engine-limits.js';

describe('engineLimits', () => {
  it('are the usual ones where nothing is set', () => {
    expect(engineLimits({})).toMatchObject({ leaseTtlMs: 30_000, machineUpMs: 120_000 });
  });

  it('take two of them from the environment, in seconds', () => {
    expect(engineLimits({ BDE_LEASE_SECONDS: '2.5', BDE_MACHINE_UP_SECONDS: '10' })).toMatchObject({
      leaseTtlMs: 2500,
      machineUpMs: 10_000,
    });
  });

  it.each(['0', '-1', 'soon', 'NaN', 'Infinity'])('refuse %j', (text) => {
    expect(() => engineLimits({ BDE_LEASE_SECONDS: text })).toThrow(
      `BDE_LEASE_SECONDS is "${text}", which is no number of seconds above 0.`,
    );
  });
});
