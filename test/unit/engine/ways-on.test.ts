import { describe, expect, it } from 'vitest';
import { waysOn } from '../../../src/engine/operations/ways-on.js';
import type { Digest } from '../../../src/errors/ids.js';
import { aCluster, anOperation } from '../../contract/store-records.js';

const BEFORE = { before: { pins: 'a' as Digest, formerPins: null, state: 'RUNNING' as const } };

function after(kind: string, order: Parameters<typeof waysOn>[1], hint?: string): string | undefined {
  return waysOn({ cluster: aCluster({ name: 'zk' }), operation: anOperation({ kind }) }, order, hint);
}

describe('waysOn', () => {
  it('names another value and the way back beside what the failure of a config says itself', () => {
    expect(after('config', BEFORE, 'Mend it, then run bde cluster resume zk.')).toBe(
      'Mend it, then run bde cluster resume zk; or give another value: bde cluster config zk --set PATH=VALUE; or go back to what was before: bde cluster upgrade zk --rollback.',
    );
  });

  it('names the way back alone where the failure says nothing', () => {
    expect(after('upgrade', BEFORE)).toBe('Go back to what was before: bde cluster upgrade zk --rollback.');
  });

  it('adds nothing where the pins are as they were, or were gone back to', () => {
    expect(after('restart', {}, 'Mend it.')).toBe('Mend it.');
    expect(after('rollback', BEFORE, 'Mend it.')).toBe('Mend it.');
    expect(after('restart', {})).toBeUndefined();
  });
});
