import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cookbookLayer, rolesByName } from '../../../src/cookbook/attribute-layers.js';
import { compilePackages } from '../../../src/cookbook/compile-packages.js';
import { compileProbe } from '../../../src/cookbook/compile-probe.js';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import { mergeAttributes } from '../../../src/cookbook/merge-attributes.js';
import { parseCookbook } from '../../../src/cookbook/parse-cookbook.js';
import type { CompileInput } from '../../../src/cookbook/types.js';
import { compileInput, nodeView } from './cookbook-support.js';

function readShipped(name: string) {
  const folder = join('cookbooks', name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name));
  const contents = paths.map((path) => [relative(folder, path), readFileSync(path)] as const);
  return parseCookbook({ name, path: folder, files: Object.fromEntries(contents) });
}

const COOKBOOKS = readdirSync('cookbooks').map(readShipped);
const ROLES = [...rolesByName(COOKBOOKS).keys()];
const NODES = [0, 1, 2].map((index) => nodeView(index, { roles: ROLES }));
const MIRROR = {
  url: 'https://10.0.0.1:8443/c/01X',
  caPath: '/etc/bde/ca.pem',
  repos: [{ name: 'zookeeper', gpgKeyPath: '/etc/pki/rpm-gpg/RPM-GPG-KEY-bde' }],
};

const input = (role: string, overrides: Partial<CompileInput> = {}) =>
  compileInput({
    role,
    nodes: NODES,
    members: overrides.nodes ?? NODES,
    attributes: mergeAttributes([cookbookLayer(COOKBOOKS)]).attributes,
    mirror: MIRROR,
    ...overrides,
  });

const COMMANDS = ['ready', 'acceptance', 'leader', 'join', 'leave', 'drain', 'undrain'] as const;

const idsOf = (role: string, overrides: Partial<CompileInput> = {}) =>
  compileRun(input(role, overrides), COOKBOOKS).resources.map(({ id }) => id);

/** What a file or template of a role holds on the node, by the start of its text. */
const contentOf = (role: string, start: string, overrides: Partial<CompileInput> = {}) => {
  const { script } = compileRun(input(role, overrides), COOKBOOKS);
  const from = script.indexOf(`'${start}`) + 1;
  return script.slice(from, script.indexOf("'", from));
};

describe('every shipped role', () => {
  it.each(ROLES)('%s compiles, with its probes, for a node that has them all', (role) => {
    expect(compileRun(input(role), COOKBOOKS).digest).toMatch(/^[0-9a-f]{64}$/);
    for (const which of COMMANDS) compileProbe(input(role), COOKBOOKS, which);
  });
});

describe('the role basic', () => {
  it('lays names, trust, repos and kernel parameters', () => {
    expect(idsOf('basic')).toEqual([
      'hosts_entries[cluster]',
      'ca_certificate[bde]',
      'group[bde-tls]',
      'node_certificate[/etc/bde/tls]',
      'package_repo[bde]',
      'sysctl[net.core.somaxconn]',
    ]);
  });

  it('needs no mirror', () => {
    expect(idsOf('basic', { mirror: null })).toEqual([
      'hosts_entries[cluster]',
      'group[bde-tls]',
      'node_certificate[/etc/bde/tls]',
      'sysctl[net.core.somaxconn]',
    ]);
  });

  it('checks signatures of packages and metadata against a key on the node', () => {
    expect(contentOf('basic', '[bde-zookeeper]')).toBe(`[bde-zookeeper]
name=bde-zookeeper
baseurl=https://10.0.0.1:8443/c/01X/zookeeper/
enabled=1
gpgcheck=1
repo_gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-bde
sslverify=1
sslcacert=/etc/bde/ca.pem
proxy=_none_
`);
  });

  it('is not changed on any node of a cluster by one more mesos_slave', () => {
    const cluster = [
      ['zookeeper'],
      ['mesos_master', 'mesos_marathon', 'mesos_chronos'],
      ['mesos_slave'],
      ['mesos_slave'],
    ];
    const nodes = cluster.map((roles, index) => nodeView(index, { roles: ['basic', ...roles] }));
    const digestsWith = (all: typeof nodes) =>
      nodes
        .slice(0, 3)
        .flatMap((node) => node.roles.map((role) => compileRun(input(role, { nodes: all, node }), COOKBOOKS).digest));

    expect(digestsWith(nodes)).toEqual(digestsWith(nodes.slice(0, 3)));
  });

  it('is not changed by a node whose name nobody on this one needs', () => {
    const nodes = [nodeView(0, { roles: ['basic', 'zookeeper'] }), nodeView(1, { roles: ['basic', 'zookeeper'] })];
    const more = [...nodes, nodeView(2, { roles: ['basic'] })];

    const [digest, same] = [nodes, more].map((each) => compileRun(input('basic', { nodes: each }), COOKBOOKS).digest);

    expect(same).toBe(digest);
  });
});

describe('the role zookeeper', () => {
  it('gives each member its ordinal as myid', () => {
    const nodes = [0, 1].map((index) => nodeView(index, { roles: ['zookeeper'] }));

    const ids = nodes.map((node) => contentOf('zookeeper', `${node.ordinal}\n`, { nodes, node }));

    expect(ids).toEqual(['1\n', '2\n']);
  });

  it('of a new member begins with those in service and itself', () => {
    const [first, second] = NODES;
    const members = [first, second].filter((node) => node !== undefined);

    const list = contentOf('zookeeper', 'server.1=', { members, ...(second === undefined ? {} : { node: second }) });

    expect(list).toBe('server.1=10.0.0.10:2888:3888:participant;2181\nserver.2=10.0.0.11:2888:3888:participant;2181\n');
  });

  it('has the same digest whoever is in service', () => {
    const digests = [NODES, NODES.slice(0, 1)].map(
      (members) => compileRun(input('zookeeper', { members }), COOKBOOKS).digest,
    );

    expect(digests[0]).toBe(digests[1]);
  });

  it('begins with all members, and leaves the list to the ensemble afterwards', () => {
    const { resources } = compileRun(input('zookeeper'), COOKBOOKS);

    expect(contentOf('zookeeper', 'server.1=')).toBe(
      `server.1=10.0.0.10:2888:3888:participant;2181
server.2=10.0.0.11:2888:3888:participant;2181
server.3=10.0.0.12:2888:3888:participant;2181
`,
    );
    expect(resources.find(({ id }) => id.endsWith('zoo.cfg.dynamic]'))?.parameters).toEqual({
      path: '/var/lib/zookeeper/conf/zoo.cfg.dynamic',
      seed: true,
    });
  });

  it('touches no old member when one comes', () => {
    const nodes = [0, 1, 2].map((index) => nodeView(index, { roles: ['zookeeper'] }));
    const more = [...nodes, nodeView(3, { roles: ['zookeeper'] })];

    const [digest, same] = [nodes, more].map(
      (each) => compileRun(input('zookeeper', { nodes: each }), COOKBOOKS).digest,
    );

    expect(same).toBe(digest);
  });

  it.each([
    [256, '-Xmx64m'],
    [2048, '-Xmx512m'],
    [65536, '-Xmx1024m'],
  ])('takes a quarter of %i MiB for its heap, within bounds', (memoryMiB, expected) => {
    const nodes = [nodeView(0, { roles: ['zookeeper'], memoryMiB })];

    expect(contentOf('zookeeper', '[Unit]', { nodes })).toContain(` ${expected} `);
  });

  it('takes the heap that an attribute gives', () => {
    const given = { name: 'group', values: { zookeeper: { heapMiB: 333 } }, placeOf: () => 'a spec' } as const;
    const { attributes } = mergeAttributes([cookbookLayer(COOKBOOKS), given]);

    expect(contentOf('zookeeper', '[Unit]', { attributes })).toContain(' -Xmx333m ');
  });

  it('lives on the first data disk where there is one', () => {
    const nodes = [nodeView(0, { roles: ['zookeeper'], dataDisks: ['/data/0', '/data/1'] })];

    expect(idsOf('zookeeper', { nodes })).toContain('directory[/data/0/zookeeper/data]');
    expect(contentOf('zookeeper', '# Written by bde', { nodes })).toContain('\ndataDir=/data/0/zookeeper/data\n');
  });

  it('comes with its Java runtime from the mirror', () => {
    const lockedPackages = {
      zookeeper: 'zookeeper-3.8.0-1.noarch',
      'java-17-openjdk-headless': 'java-17-openjdk-headless-17.0-1.x86_64',
    };
    const nodes = [nodeView(0, { roles: ['basic', 'zookeeper'] })];

    const run = compilePackages(input('packages', { nodes, lockedPackages }), COOKBOOKS);

    expect(run?.resources[0]?.parameters).toEqual({ locked: lockedPackages });
  });
});
