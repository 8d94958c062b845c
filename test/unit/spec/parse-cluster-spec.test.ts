import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterSpec, NodeGroupSpec } from '../../../src/spec/cluster-spec.js';
import { initSpec } from '../../../src/spec/init-spec.js';
import { printClusterSpec } from '../../../src/spec/print-cluster-spec.js';
import { messagesOf, readSpec, specOf } from './spec-builders.js';

const SAMPLES = new URL('../../fixtures/serengeti/', import.meta.url);
const sample = (name: string) => readFileSync(new URL(name, SAMPLES), 'utf8');
const samples = readdirSync(SAMPLES).sort();

describe('samples that BDE published', () => {
  it('are eleven', () => {
    expect(samples).toHaveLength(11);
  });

  it.each(samples)('%s loads with all its groups', (name) => {
    const text = sample(name);

    const { spec } = readSpec(text, [], name);

    expect(spec.apiVersion).toBe('bde/v1');
    expect(spec.groups).toHaveLength(text.match(/"roles"/g)?.length ?? 0);
    expect(spec.groups.every(({ count }) => count > 0)).toBe(true);
  });

  it.each(samples)('%s is the same after print and parse', (name) => {
    const { spec } = readSpec(sample(name), [], name);

    expect(readSpec(printClusterSpec(spec)).spec).toEqual(spec);
  });

  it('keep every value in its place', () => {
    const { spec, warnings } = readSpec(sample('data_compute_separation_with_rack_policy_cluster.json'));

    expect(spec.groups[2]).toEqual({
      name: 'c1',
      roles: ['hadoop_tasktracker'],
      count: 3,
      sizeName: 'SMALL',
      cpuCount: null,
      memoryMiB: null,
      swapRatio: 1,
      storage: { type: 'LOCAL', sizeGiB: 20, diskCount: 0, carried: {} },
      ha: 'off',
      placement: { instancesPerHost: null, racks: null, association: { group: 'd1', type: 'STRICT' } },
      configuration: {},
      carried: {},
    });
    expect(warnings).toEqual([
      {
        code: 'FIELDS_IGNORED',
        message:
          'kept, but not acted on: haFlag (master), storage.type (d1, c1), placementPolicies.instancePerHost (d1), ' +
          'placementPolicies.groupRacks (d1), placementPolicies.groupAssociations (c1)',
      },
    ]);
  });

  it('carry fields that nothing here acts on, and name them', () => {
    const { spec, warnings } = readSpec(sample('compute_only_cluster.json'));

    expect(spec.carried).toEqual({ externalHDFS: 'hdfs://hostname-of-namenode:8020' });
    expect(warnings[0]?.message).toBe(
      'kept, but not acted on: externalHDFS, haFlag (master), storage.type (master, worker, client)',
    );
  });

  it('take storage types in lower case', () => {
    const { spec } = readSpec(sample('mesos_cluster.json'));

    expect(spec.groups.map(({ storage }) => storage?.type)).toEqual(['SHARED', 'SHARED', 'LOCAL']);
  });
});

const INTERNAL = `{
  "groups": [
    {
      "name": "master", "roles": ["web"], "instance_num": 2, "cpu": 2, "memory": 2048, "ha": "ON", "swap_ratio": 0.5,
      "instance_type": "MEDIUM", "storage": {"type": "Shared", "size": 10},
      "placement_policies": {"instance_per_host": 1, "group_racks": {"type": "sameRack", "racks": ["r1"]}},
      "cluster_configuration": {"web": {"port": 80}}, "vm_folder_path": "f"
    }
  ],
  "cluster_configuration": {"web": {"port": 8080}},
  "template_name": "t", "http_proxy": "http://p:3128", "rack_topology_policy": "HVE"
}`;

const USER = `{
  "nodeGroups": [
    {
      "name": "master", "roles": ["web"], "instanceNum": 2, "cpuNum": 2, "memCapacityMB": 2048, "haFlag": "on", "swapRatio": 0.5,
      "instanceType": "MEDIUM", "storage": {"type": "SHARED", "sizeGB": 10},
      "placementPolicies": {"instancePerHost": 1, "groupRacks": {"type": "SAMERACK", "racks": ["r1"]}},
      "configuration": {"web": {"port": 80}}, "vmFolderPath": "f"
    }
  ],
  "configuration": {"web": {"port": 8080}},
  "templateName": "t", "httpProxy": "http://p:3128", "topologyPolicy": "HVE"
}`;

describe('parseClusterSpec', () => {
  it('reads both dialects to the same spec', () => {
    const internal = INTERNAL.replace('"Shared"', '"shared"').replace('"sameRack"', '"samerack"');

    expect(readSpec(internal).spec).toEqual(readSpec(USER).spec);
  });

  it('reads a spec in YAML', () => {
    const text =
      'apiVersion: bde/v2\nnodeGroups:\n  - name: a\n    roles: [web]\n    instanceNum: 1\n    instanceType: SMALL\n';

    expect(readSpec(text, [], 'spec.yaml').spec).toEqual(
      readSpec(specOf({ name: 'a', roles: ['web'], instanceNum: 1, instanceType: 'SMALL' })).spec,
    );
  });

  it('gives swap of the size of memory to BDE files only', () => {
    const group = { name: 'a', roles: ['web'], instanceNum: 1, instanceType: 'SMALL' };

    expect(readSpec(JSON.stringify({ nodeGroups: [group] })).spec.groups[0]?.swapRatio).toBe(1);
    expect(readSpec(specOf(group)).spec.groups[0]?.swapRatio).toBe(0);
  });

  it('refuses two names of one field', () => {
    expect(
      messagesOf(() =>
        readSpec('{"groups": [{"name": "a", "roles": ["b"], "cpu": 1, "cpuNum": 2}],\n"nodeGroups": []}'),
      ),
    ).toEqual([
      'spec.json:2:15: nodeGroups is an empty list; allowed is a list that is not empty',
      'spec.json:1:53: "cpu" and "cpuNum" are two names of one field',
      'spec.json:2:1: "groups" and "nodeGroups" are two names of one field',
    ]);
  });

  it('refuses a spec without groups and says where to find a sample', () => {
    expect(() => readSpec('{"type": "HDFS"}')).toThrow(
      expect.objectContaining({
        message: 'spec.json:1:1: the file lacks the field "nodeGroups"',
        hint: 'Name the groups of nodes; "bde spec init" writes a sample.',
      }),
    );
  });

  it.each(['[]', '3', '"x"', 'null'])('refuses %s for a spec', (text) => {
    expect(messagesOf(() => readSpec(text))[0]).toMatch(/^spec\.json:1:1: the file is .*; allowed is an object$/);
  });

  it('refuses an unknown version of the format', () => {
    expect(
      messagesOf(() =>
        readSpec('{"apiVersion": "bde/v3", "nodeGroups": [{"name": "a", "roles": ["b"], "instanceType": "S"}]}'),
      ),
    ).toEqual(['spec.json:1:16: apiVersion is "bde/v3"; allowed is "bde/v1", "bde/v2"; did you mean "bde/v1"?']);
  });

  it('warns of a group without nodes and keeps it', () => {
    const { spec, warnings } = readSpec(specOf({ name: 'a', roles: ['web'], instanceType: 'SMALL' }));

    expect(spec.groups[0]?.count).toBe(0);
    expect(warnings).toEqual([{ code: 'GROUP_EMPTY', message: 'group a has no nodes: its instanceNum is 0' }]);
  });

  it('rounds memory down to a multiple of four and says so', () => {
    const { spec, warnings } = readSpec(
      specOf({ name: 'a', roles: ['web'], instanceNum: 1, cpuNum: 1, memCapacityMB: 1027 }),
    );

    expect(spec.groups[0]?.memoryMiB).toBe(1024);
    expect(warnings).toEqual([
      { code: 'MEMORY_ROUNDED', message: 'memory of group a is rounded down from 1027 to 1024 MiB, a multiple of 4' },
    ]);
  });

  it.each(['../evil', 'a b', 'a"b', "a'b", 'a\nb', '$(reboot)', '`x`', '', 'a'.repeat(81), 'ü', 'a-b'])(
    'refuses %j as the name of a group',
    (name) => {
      const [message] = messagesOf(() => readSpec(specOf({ name, roles: ['web'], instanceType: 'SMALL' })));

      expect(message).toMatch(/^spec\.json:2:9: nodeGroups\[0\]\.name is .*; allowed is letters and digits, 1 to 80$/);
      expect(message).not.toContain('\n');
    },
  );

  it.each(['../evil', 'a b', 'a;b', '$(reboot)', '', '-rf'])('refuses %j as the name of a role', (role) => {
    const [message] = messagesOf(() => readSpec(specOf({ name: 'a', roles: [role], instanceType: 'SMALL' })));

    expect(message).toContain('allowed is the name of a role: letters, digits, "_" and "-", 1 to 80');
  });

  it('refuses a spec of five megabytes', () => {
    const text = `{"nodeGroups": [], "configuration": {"x": "${'y'.repeat(5 * 1024 * 1024)}"}}`;

    expect(messagesOf(() => readSpec(text))).toEqual(['spec.json is 5.0 MiB; at most 4.0 MiB are read']);
  });

  it('loads the sample that init writes, without a warning', () => {
    const { spec, warnings } = readSpec(initSpec());

    expect(spec.groups.map(({ name, roles, count }) => ({ name, roles, count }))).toEqual([
      { name: 'node', roles: ['basic'], count: 3 },
    ]);
    expect(warnings).toEqual([]);
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const attributes = fc.dictionary(
  word,
  fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.dictionary(word, fc.integer())),
  { maxKeys: 3 },
);

const group: fc.Arbitrary<Omit<NodeGroupSpec, 'name'>> = fc.record({
  roles: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
  count: fc.constantFrom(0, 2, 4),
  sizeName: fc.constantFrom('SMALL', 'MEDIUM'),
  cpuCount: fc.option(fc.constant(1)),
  memoryMiB: fc.option(fc.integer({ min: 1, max: 999 }).map((quarter) => quarter * 4)),
  swapRatio: fc.constantFrom(0, 0.5, 2),
  storage: fc.option(
    fc.record({
      type: fc.option(fc.constantFrom('SHARED' as const)),
      sizeGiB: fc.option(fc.integer({ min: 1, max: 500 })),
      diskCount: fc.integer({ min: 0, max: 45 }),
      carried: fc.constantFrom({}, { dsNames: ['d1'] }),
    }),
  ),
  ha: fc.constantFrom('off' as const, 'on' as const, 'ft' as const),
  placement: fc.record({
    instancesPerHost: fc.option(fc.constantFrom(1, 2)),
    racks: fc.option(fc.constant({ type: 'ROUNDROBIN' as const, racks: ['r1', 'r2'] })),
    association: fc.constant(null),
  }),
  configuration: attributes,
  carried: fc.constantFrom({}, { latencySensitivity: 'LOW', reservedCpuRatio: 0.5 }),
});

const anySpec: fc.Arbitrary<ClusterSpec> = fc.record({
  apiVersion: fc.constantFrom('bde/v1' as const, 'bde/v2' as const),
  name: fc.option(word),
  distro: fc.option(word),
  appManager: fc.constantFrom('Default', 'Other'),
  groups: fc
    .array(group, { minLength: 1, maxLength: 4 })
    .map((groups) => groups.map((each, index) => ({ name: `g${index}`, ...each }))),
  configuration: attributes,
  carried: fc.constantFrom({}, { topologyPolicy: 'HVE', rpNames: ['a'] }),
});

describe('printClusterSpec', () => {
  it('prints what parses to the same spec', () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        expect(readSpec(printClusterSpec(spec)).spec).toEqual(spec);
      }),
    );
  });
});
