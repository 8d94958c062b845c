import { describe, expect, it } from 'vitest';
import { findMinimum } from '../../../src/plan/find-minimum.js';
import { sampleRequest } from '../engine/sample-cluster.js';

const ROLES = new Map([
  ['store', { cardinality: { min: 3 }, requires: [] }],
  ['agent', { cardinality: { min: 0 }, requires: ['store'] }],
  ['cache', { cardinality: { min: 0 }, requires: [] }],
  ['reader', { cardinality: { min: 0 }, requires: ['cache'] }],
]);

function cluster(groups: Readonly<Record<string, readonly string[]>>, counts: Readonly<Record<string, number>>) {
  return sampleRequest({ groups, counts }).resolved;
}

describe('findMinimum', () => {
  it('is what the role with the highest minimum asks for', () => {
    const resolved = cluster({ s: ['store', 'cache'], a: ['agent'] }, { s: 5, a: 2 });

    expect(findMinimum(resolved, ROLES, 's')).toEqual({ role: 'store', count: 3 });
  });

  it('counts what other groups have of the role', () => {
    const resolved = cluster({ s: ['store'], t: ['store'] }, { s: 5, t: 2 });

    expect(findMinimum(resolved, ROLES, 's')).toEqual({ role: 'store', count: 1 });
  });

  it('is one where others require the role', () => {
    const resolved = cluster({ c: ['cache'], r: ['reader'] }, { c: 2, r: 1 });

    expect(findMinimum(resolved, ROLES, 'c')).toEqual({ role: 'cache', count: 1 });
  });

  it('is nothing for a group that nobody needs', () => {
    const resolved = cluster({ s: ['store'], a: ['agent'] }, { s: 3, a: 4 });

    expect(findMinimum(resolved, ROLES, 'a')).toBeNull();
  });
});
