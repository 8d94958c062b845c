import { describe, expect, it } from 'vitest';
import { resolveCluster } from '../../../src/spec/resolve-cluster.js';
import { inputFor, messagesOf, readSpec, rules, specOf } from './spec-builders.js';

const SPEC = specOf(
  { name: 'master', roles: ['web'], instanceNum: 1, instanceType: 'SMALL' },
  { name: 'worker', roles: ['web'], instanceNum: 1, instanceType: 'SMALL' },
);

const set = (...assignments: readonly string[]) => readSpec(SPEC, assignments).spec;

describe('overrideDocument', () => {
  it('changes a group by its name or its position', () => {
    expect(set('nodeGroups.worker.instanceNum=3').groups.map(({ count }) => count)).toEqual([1, 3]);
    expect(set('nodeGroups[0].instanceNum=2').groups.map(({ count }) => count)).toEqual([2, 1]);
  });

  it('makes objects that are not there', () => {
    expect(set('nodeGroups.master.storage.sizeGB=10').groups[0]?.storage?.sizeGiB).toBe(10);
    expect(set('configuration.web["site.xml"].a=b').configuration).toEqual({ web: { 'site.xml': { a: 'b' } } });
  });

  it('takes JSON for what it is and other text for a string', () => {
    const assignments = [
      'configuration.a.n=3',
      'configuration.a.s="3"',
      'configuration.a.t=x=y',
      'configuration.a.l=[1,2]',
      'configuration.a.e=',
    ];

    expect(set(...assignments).configuration).toEqual({ a: { n: 3, s: '3', t: 'x=y', l: [1, 2], e: '' } });
  });

  it('lets the later one win', () => {
    expect(set('nodeGroups.master.instanceNum=2', 'nodeGroups.master.instanceNum=4').groups[0]?.count).toBe(4);
  });

  it('reaches fields of the internal dialect by either name', () => {
    const internal = '{"groups": [{"name": "a", "roles": ["web"], "instance_num": 1, "instance_type": "SMALL"}]}';

    expect(readSpec(internal, ['nodeGroups.a.instanceNum=5']).spec.groups[0]?.count).toBe(5);
    expect(readSpec(internal, ['groups.a.instance_num=6']).spec.groups[0]?.count).toBe(6);
  });

  it('leaves findings of untouched fields at their place in the file', () => {
    const text = '{"nodeGroups": [{"name": "a", "roles": ["web"],\n"haFlag": 1, "instanceType": "S"}]}';

    expect(messagesOf(() => readSpec(text, ['nodeGroups.a.instanceNum=x']))).toEqual([
      '--set nodeGroups.a.instanceNum: nodeGroups[0].instanceNum is "x"; allowed is a whole number from 0',
      'spec.json:2:11: nodeGroups[0].haFlag is 1; allowed is one of off, on, ft',
    ]);
  });

  it('reports a rule that a value breaks at the assignment', () => {
    const { spec, warnings, source } = readSpec(SPEC, ['nodeGroups.master.roles=["nope"]']);
    const input = { ...inputFor(SPEC, [rules('web')]), spec, source, specWarnings: warnings };

    expect(messagesOf(() => resolveCluster(input))).toEqual([
      '--set nodeGroups.master.roles: no cookbook has a role "nope"',
    ]);
  });

  it.each([
    ['nodeGroups.mster.instanceNum=3', 'names "mster", but there are only master, worker; did you mean "master"?'],
    ['nodeGroups[7].instanceNum=3', 'names "7", but there are only master, worker'],
    ['nodeGroups.master.name.x=3', 'leads through nodeGroups[0].name, which is no object'],
    ['instanceNum', 'is not of the form PATH=VALUE'],
    ['=3', 'is not of the form PATH=VALUE'],
    ['.a=3', 'is not of the form PATH=VALUE'],
    ['a..b=3', 'is not of the form PATH=VALUE'],
    ['a b=3', 'is not of the form PATH=VALUE'],
    ['configuration.__proto__.x=3', 'has "__proto__" in its path'],
  ])('refuses %s', (assignment, problem) => {
    expect(() => set(assignment)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: `--set "${assignment.replace(/=.*$/, '=…')}" ${problem}`,
        hint: 'Write it like --set nodeGroups.master.instanceNum=3 or --set configuration.web.port=8080.',
      }),
    );
  });

  it('names an unknown field with the nearest', () => {
    expect(messagesOf(() => set('nodeGroups.master.instanceNmu=3'))).toEqual([
      '--set nodeGroups.master.instanceNmu: nodeGroups[0] has no field "instanceNmu"; did you mean "instanceNum"?',
    ]);
  });
});
