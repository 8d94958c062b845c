import { describe, expect, it } from 'vitest';
import { messagesOf, readSpec, specOf } from './spec-builders.js';

const group = (name: string, fields: object = {}) => ({
  name,
  roles: ['web'],
  instanceNum: 2,
  instanceType: 'SMALL',
  ...fields,
});

describe('checkSpecRules', () => {
  it('refuses two groups whose names differ in case only', () => {
    expect(messagesOf(() => readSpec(specOf(group('Master'), group('master'), group('master'))))).toEqual([
      'spec.json:3:9: the name "master" belongs to the group "Master", upper and lower case aside',
      'spec.json:4:9: the name "master" belongs to the group "Master", upper and lower case aside',
    ]);
  });

  it('wants a size or both of its numbers', () => {
    const text = specOf(
      { name: 'a', roles: ['web'], instanceNum: 1 },
      { name: 'b', roles: ['web'], instanceNum: 1, cpuNum: 1 },
      { name: 'c', roles: ['web'], instanceNum: 1, cpuNum: 1, memCapacityMB: 512 },
    );

    expect(messagesOf(() => readSpec(text))).toEqual([
      'spec.json:2:1: group a has no "instanceType" and lacks "cpuNum" and "memCapacityMB"',
      'spec.json:3:1: group b has no "instanceType" and lacks "memCapacityMB"',
    ]);
  });

  it('wants a count that instancePerHost divides', () => {
    const text = specOf(group('a', { instanceNum: 3, placementPolicies: { instancePerHost: 2 } }));

    expect(messagesOf(() => readSpec(text))).toEqual([
      'spec.json:2:107: instancePerHost 2 does not divide the 3 nodes of group a',
    ]);
  });

  it('wants exactly one rack for SAMERACK', () => {
    const text = specOf(group('a', { placementPolicies: { groupRacks: { type: 'SAMERACK', racks: ['r1', 'r2'] } } }));

    expect(messagesOf(() => readSpec(text))).toEqual([
      'spec.json:2:129: SAMERACK of group a takes exactly one rack, and 2 are named',
    ]);
  });

  it.each([
    ['mster', 'there is no group "mster"; did you mean "master"?'],
    ['a', 'group a is associated with itself'],
    ['b', 'group b has an association of its own, so none may refer to it'],
  ])('refuses an association with %s', (reference, message) => {
    const associated = (to: string) => ({ placementPolicies: { groupAssociations: [{ reference: to }] } });
    const text = specOf(group('a', associated(reference)), group('b', associated('master')), group('master'));

    expect(messagesOf(() => readSpec(text))).toEqual([`spec.json:2:123: ${message}`]);
  });

  it('counts the hosts that a STRICT association leaves', () => {
    const placementPolicies = { instancePerHost: 1, groupAssociations: [{ reference: 'b', type: 'STRICT' }] };
    const text = specOf(group('a', { instanceNum: 4, placementPolicies }), group('b'));

    expect(messagesOf(() => readSpec(text))).toEqual([
      'spec.json:2:130: group a needs 4 hosts, and the STRICT association gives it the 2 of group b',
    ]);
  });

  it('allows fault tolerance with one CPU on shared storage only', () => {
    const text = specOf(group('a', { cpuNum: 2, haFlag: 'ft', storage: { type: 'LOCAL', sizeGB: 1 } }));

    expect(messagesOf(() => readSpec(text))).toEqual([
      'spec.json:2:88: "ft" allows 1 CPU, and group a has 2',
      'spec.json:2:88: "ft" needs SHARED storage, and group a has LOCAL',
    ]);
  });

  it('wants all memory reserved for HIGH latency sensitivity', () => {
    const text = specOf(group('a', { latencySensitivity: 'HIGH', reservedMemRatio: 0.5 }));

    expect(messagesOf(() => readSpec(text))).toEqual([
      'spec.json:2:89: latencySensitivity HIGH of group a needs reservedMemRatio 1, not 0.5',
    ]);
  });

  it('names the group in the subject of a finding', () => {
    expect(() => readSpec(specOf({ name: 'a', roles: ['web'] }))).toThrow(
      expect.objectContaining({
        code: 'FIELD_INVALID',
        subject: { group: 'a', file: 'spec.json', line: 2, column: 1 },
      }),
    );
  });
});
