import { describe, expect, it } from 'vitest';
import { parseClusterName } from '../../../src/spec/cluster-name.js';
import { resolveCluster } from '../../../src/spec/resolve-cluster.js';
import { inputFor, messagesOf, rules, specOf } from './spec-builders.js';

const group = (name: string, roles: readonly string[], count: number, fields: object = {}) => ({
  name,
  roles,
  instanceNum: count,
  instanceType: 'SMALL',
  ...fields,
});

describe('resolveCluster', () => {
  it('settles groups, sizes, names and ordinals', () => {
    const text = specOf(
      group('Agent', ['agent'], 2, {
        storage: { sizeGB: 10, diskNum: 3 },
        swapRatio: 0.5,
        configuration: { web: { port: 1 } },
      }),
      group('quorum', ['keeper'], 1, { instanceType: 'MEDIUM', memCapacityMB: 4096 }),
    );

    const cluster = resolveCluster(inputFor(text, [rules('agent'), rules('keeper', { quorum: true })]));

    expect(cluster).toEqual({
      formatVersion: 1,
      name: 'c1',
      specLabel: 'acme/basic',
      distro: { name: 'acme', vendor: 'ACME', version: '1.0' },
      groups: [
        {
          name: 'Agent',
          roles: ['agent'],
          count: 2,
          size: { cpuCount: 1, memoryMiB: 1024, diskGiB: 8 },
          swapMiB: 512,
          dataDisksGiB: [3, 3, 4],
          placement: { instancesPerHost: null, racks: null, association: null },
          ha: 'off',
          configuration: { web: { port: 1 } },
        },
        {
          name: 'quorum',
          roles: ['keeper'],
          count: 1,
          size: { cpuCount: 2, memoryMiB: 4096, diskGiB: 16 },
          swapMiB: 0,
          dataDisksGiB: [],
          placement: { instancesPerHost: null, racks: null, association: null },
          ha: 'off',
          configuration: {},
        },
      ],
      nodes: [
        { name: 'c1-agent-0', group: 'Agent', index: 0, ordinal: 1001, roles: ['agent'] },
        { name: 'c1-agent-1', group: 'Agent', index: 1, ordinal: 1002, roles: ['agent'] },
        { name: 'c1-quorum-0', group: 'quorum', index: 0, ordinal: 1, roles: ['keeper'] },
      ],
      configuration: {},
      warnings: [],
    });
    expect(JSON.parse(JSON.stringify(cluster))).toEqual(cluster);
  });

  it('gives every node the base roles besides its own', () => {
    const text = specOf(group('a', ['web'], 1), group('b', ['basic'], 1));

    const cluster = resolveCluster(inputFor(text, [rules('web'), rules('basic')], { baseRoles: ['basic'] }));

    expect(cluster.nodes.map(({ roles }) => roles)).toEqual([['web', 'basic'], ['basic']]);
  });

  it('leaves out groups without nodes and keeps the warnings', () => {
    const text = specOf(group('a', ['web'], 1), group('b', ['web'], 0));

    const cluster = resolveCluster(inputFor(text, [rules('web')]));

    expect(cluster.groups.map(({ name }) => name)).toEqual(['a']);
    expect(cluster.warnings).toEqual([{ code: 'GROUP_EMPTY', message: 'group b has no nodes: its instanceNum is 0' }]);
  });

  it('refuses a cluster without nodes, and one with too many', () => {
    expect(messagesOf(() => resolveCluster(inputFor(specOf(group('a', ['web'], 0)), [rules('web')])))).toEqual([
      'spec.json:1:40: the cluster has no nodes',
    ]);
    expect(messagesOf(() => resolveCluster(inputFor(specOf(group('a', ['web'], 10_001)), [rules('web')])))).toEqual([
      'spec.json:1:40: the cluster has 10001 nodes; allowed are at most 10000',
    ]);
  });

  it('names an unknown role at its place, with the nearest and all there are', () => {
    const input = inputFor(specOf(group('a', ['web', 'keepr'], 1)), [rules('web'), rules('keeper')]);

    expect(() => resolveCluster(input)).toThrow(
      expect.objectContaining({
        code: 'SPEC_UNKNOWN_ROLE',
        message: 'spec.json:2:28: no cookbook has a role "keepr"; did you mean "keeper"?',
        hint: 'Use one of: keeper, web; or name the folder of the cookbook that has it with --cookbooks.',
        subject: { role: 'keepr', file: 'spec.json', line: 2, column: 28 },
      }),
    );
  });

  it.each([
    ['web', 'Use the role "web".'],
    ['gone', 'Its counterpart is the role "gone"; add a cookbook that has it.'],
    [undefined, 'Remove the role; nothing here takes its place.'],
  ])('says of a retired role what to use: %s', (use, hint) => {
    const notice = { product: 'Old', reason: 'it ended', ...(use !== undefined && { use }) };
    const input = inputFor(specOf(group('a', ['old_web'], 1)), [rules('web')], {
      retired: (role) => (role === 'old_web' ? notice : undefined),
    });

    expect(() => resolveCluster(input)).toThrow(
      expect.objectContaining({
        code: 'SPEC_ROLE_RETIRED',
        message: 'spec.json:2:22: role "old_web" belongs to Old, which is not shipped: it ended',
        hint,
      }),
    );
  });

  it('prefers a role that is there over a notice that it retired', () => {
    const input = inputFor(specOf(group('a', ['web'], 1)), [rules('web')], {
      retired: () => ({ product: 'Old', reason: 'it ended' }),
    });

    expect(resolveCluster(input).nodes).toHaveLength(1);
  });

  it.each([
    [2, { min: 3 }, 'role web is on 2 nodes; allowed are 3 or more'],
    [2, { min: 1, max: 1 }, 'role web is on 2 nodes; allowed is exactly 1'],
    [4, { min: 1, max: 3 }, 'role web is on 4 nodes; allowed are 1 to 3'],
    [1, { min: 2, max: 2 }, 'role web is on 1 node; allowed are exactly 2'],
  ])('refuses %i nodes of a role with cardinality %j', (count, cardinality, message) => {
    const input = inputFor(specOf(group('a', ['web'], count)), [rules('web', cardinality)]);

    expect(messagesOf(() => resolveCluster(input))).toEqual([`spec.json:2:22: ${message}`]);
  });

  it('counts a role over all its groups', () => {
    const text = specOf(group('a', ['keeper'], 2), group('b', ['keeper'], 1));

    expect(resolveCluster(inputFor(text, [rules('keeper', { min: 3, quorum: true })])).nodes).toHaveLength(3);
  });

  it.each([
    [2, '2 nodes tolerate 0 failures, as 1 would; 3 tolerate 1 failure'],
    [4, '4 nodes tolerate 1 failure, as 3 would; 5 tolerate 2 failures'],
  ])('warns of a quorum of %i with numbers', (count, numbers) => {
    const cluster = resolveCluster(
      inputFor(specOf(group('a', ['keeper'], count)), [rules('keeper', { quorum: true })]),
    );

    expect(cluster.warnings).toEqual([{ code: 'EVEN_QUORUM', message: `role keeper decides by majority: ${numbers}` }]);
  });

  it('names a required role that no node has', () => {
    const text = specOf(group('a', ['web'], 1), group('b', ['keeper'], 0));
    const input = inputFor(text, [rules('web', { requires: ['keeper'] }), rules('keeper')]);

    expect(() => resolveCluster(input)).toThrow(
      expect.objectContaining({
        code: 'SPEC_UNSATISFIED',
        message: 'spec.json:2:22: role web requires the role keeper, and no node of the cluster has it',
        hint: 'Add "keeper" to the roles of a group that has nodes.',
      }),
    );
  });

  it('prints the circle in which roles require each other', () => {
    const roles = [rules('a', { requires: ['b'] }), rules('b', { requires: ['c'] }), rules('c', { requires: ['b'] })];
    const input = inputFor(specOf(group('g', ['a', 'b', 'c'], 1)), roles);

    expect(messagesOf(() => resolveCluster(input))).toEqual([
      'spec.json:2:26: roles require each other in a circle: b → c → b',
    ]);
  });

  it('adds up the memory that the roles of a node need', () => {
    const roles = [rules('web', { minimumMemoryMiB: 700 }), rules('db', { minimumMemoryMiB: 400 }), rules('log')];
    const input = inputFor(specOf(group('a', ['web', 'db', 'log'], 1)), roles);

    expect(messagesOf(() => resolveCluster(input))).toEqual([
      'spec.json:2:71: nodes of group a have 1024 MiB of memory, and their roles need 1100 (web 700, db 400)',
    ]);
  });

  it('names an unknown size with the nearest', () => {
    const input = inputFor(specOf(group('a', ['web'], 1, { instanceType: 'SMAL' })), [rules('web')]);

    expect(() => resolveCluster(input)).toThrow(
      expect.objectContaining({
        message: 'spec.json:2:60: the provider has no size "SMAL"; did you mean "SMALL"?',
        hint: 'Use one of: SMALL, MEDIUM; or define it in the site file.',
      }),
    );
  });

  it('does not take a name of every object for a size', () => {
    const input = inputFor(specOf(group('a', ['web'], 1, { instanceType: 'constructor' })), [rules('web')]);

    expect(messagesOf(() => resolveCluster(input))).toEqual(['spec.json:2:60: the provider has no size "constructor"']);
  });

  it('refuses node names that are no host names', () => {
    const text = specOf(group('g'.repeat(30), ['web'], 1));
    const input = inputFor(text, [rules('web')], { name: parseClusterName('c'.repeat(40)) });

    expect(messagesOf(() => resolveCluster(input))).toEqual([
      `spec.json:2:9: the node name ${'c'.repeat(40)}-${'g'.repeat(30)}-0 has 73 characters; allowed are at most 63`,
    ]);
  });

  it('refuses what another application manager deploys', () => {
    const text =
      '{"appManager": "Ambari",\n"nodeGroups": [{"name": "a", "roles": ["web"], "instanceNum": 1, "instanceType": "SMALL"}]}';
    const plain = specOf(group('a', ['web'], 1));

    expect(messagesOf(() => resolveCluster(inputFor(text, [rules('web')])))).toEqual([
      'spec.json:1:16: spec acme/basic is for the application manager "Ambari"; allowed is "Default"',
    ]);
    expect(messagesOf(() => resolveCluster(inputFor(plain, [rules('web')], { appManager: 'Other' })))).toEqual([
      'spec.json:1:1: spec acme/basic is for the application manager "Other"; allowed is "Default"',
    ]);
  });

  it('finds everything that is wrong in one go', () => {
    const text = specOf(group('a', ['nope', 'web'], 1), group('b', ['db'], 2, { instanceType: 'HUGE' }));
    const input = inputFor(text, [rules('web', { requires: ['keeper'] }), rules('db', { max: 1 }), rules('keeper')]);

    expect(() => resolveCluster(input)).toThrow(
      expect.objectContaining({ code: 'SPEC_INVALID', message: 'spec acme/basic has 4 errors' }),
    );
    expect(messagesOf(() => resolveCluster(input))).toEqual([
      'spec.json:2:22: no cookbook has a role "nope"',
      'spec.json:2:29: role web requires the role keeper, and no node of the cluster has it',
      'spec.json:3:22: role db is on 2 nodes; allowed is exactly 1',
      'spec.json:3:59: the provider has no size "HUGE"',
    ]);
  });

  it('points at fields under the name that the file has for them', () => {
    const text = '{"groups": [{"name": "a", "roles": ["web"], "instance_num": 1,\n"instance_type": "HUGE"}]}';

    expect(messagesOf(() => resolveCluster(inputFor(text, [rules('web')])))).toEqual([
      'spec.json:2:18: the provider has no size "HUGE"',
    ]);
  });

  it('gives BDE groups that name no size their numbers and the smallest disk', () => {
    const text = specOf({ name: 'a', roles: ['web'], instanceNum: 1, cpuNum: 3, memCapacityMB: 512 });

    expect(resolveCluster(inputFor(text, [rules('web')])).groups[0]?.size).toEqual({
      cpuCount: 3,
      memoryMiB: 512,
      diskGiB: 8,
    });
  });
});
