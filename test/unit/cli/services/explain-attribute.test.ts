import { describe, expect, it } from 'vitest';
import { explainPinned, type PinnedAttributes } from '../../../../src/cli/services/explain-attribute.js';
import { parseCookbooks } from '../../../../src/engine/parse-cookbooks.js';
import type { ResolvedCluster } from '../../../../src/spec/resolved-cluster.js';

const COOKBOOK = {
  'metadata.yaml': 'formatVersion: 1\nname: zk\nversion: "1.0.0"\nsummary: ZooKeeper\n',
  'attributes.yaml': [
    'heapMiB: { type: integer, default: 256 }',
    'port: { type: integer, default: 2181 }',
    'password: { type: string, secret: true }',
    'flags: { type: object, additionalProperties: { type: string }, default: {} }',
    '',
  ].join('\n'),
  'roles/zk_server.yaml': 'summary: Server\nrunList: ["zk::server"]\nattributes: { zk: { port: 2182 } }\n',
  'recipes/server.yaml': 'resources: []\n',
};
const BASE = {
  'metadata.yaml': 'formatVersion: 1\nname: base\nversion: "1.0.0"\nsummary: Base\n',
  'roles/basic.yaml': 'summary: Base\nrunList: ["base::base"]\n',
  'recipes/base.yaml': 'resources: []\n',
};

function sourceOf(name: string, files: Readonly<Record<string, string>>) {
  const entries = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
  return { name, path: `cookbooks/${name}`, files: Object.fromEntries(entries) };
}

function pinned(groupConfiguration = {}): PinnedAttributes {
  const group = { roles: ['zk_server'], configuration: {} };
  const resolved = {
    name: 'c1',
    specLabel: 'zk/basic',
    distro: { name: 'zk', vendor: 'ZK', version: '3' },
    groups: [
      { ...group, name: 'first' },
      { ...group, name: 'second', configuration: groupConfiguration },
    ],
    configuration: { zk: { password: '@@bde-secret:cluster.zk.password@@' } },
  } as unknown as ResolvedCluster;
  const distro = { repos: [], attributes: { zk: { flags: { a: 'x' } } } };
  const { cookbooks } = parseCookbooks([sourceOf('zk', COOKBOOK), sourceOf('base', BASE)]);
  return { content: { resolved, distro }, cookbooks };
}

describe('explainPinned', () => {
  it('names layer, file and line of a default', () => {
    expect(explainPinned(pinned(), 'zk.heapMiB', undefined)).toEqual([
      {
        key: 'zk.heapMiB',
        value: 256,
        groups: ['first', 'second'],
        layer: 'cookbook',
        place: 'cookbooks/zk/attributes.yaml:1:36',
      },
    ]);
  });

  it('names the role whose file goes over the default', () => {
    expect(explainPinned(pinned(), 'zk.port', undefined)).toMatchObject([
      { value: 2182, layer: 'role', place: 'cookbooks/zk/roles/zk_server.yaml:3:27' },
    ]);
  });

  it('tells groups apart that see different values', () => {
    expect(explainPinned(pinned({ zk: { heapMiB: 512 } }), 'zk.heapMiB', undefined)).toMatchObject([
      { value: 256, groups: ['first'], layer: 'cookbook' },
      { value: 512, groups: ['second'], layer: 'group', place: 'spec zk/basic, configuration of group second' },
    ]);
  });

  it('shows one group alone where it is named', () => {
    const values = explainPinned(pinned({ zk: { heapMiB: 512 } }), 'zk.heapMiB', 'second');

    expect(values.map(({ value }) => value)).toEqual([512]);
  });

  it('shows everything below a cookbook, sorted by key', () => {
    expect(explainPinned(pinned(), 'zk', undefined).map(({ key }) => key)).toEqual([
      'zk.flags.a',
      'zk.heapMiB',
      'zk.password',
      'zk.port',
    ]);
  });

  it('never shows the value of a secret', () => {
    const values = explainPinned(pinned({ zk: { password: 'hunter2' } }), 'zk.password', undefined);

    expect(values.map(({ value }) => value)).toEqual(['[secret]', '[secret]']);
    expect(JSON.stringify(values)).not.toContain('hunter2');
  });

  it('says where an attribute is declared that nobody gives a value', () => {
    const { content, cookbooks } = pinned();
    const bare = { ...content, resolved: { ...content.resolved, configuration: {} } };

    expect(explainPinned({ content: bare, cookbooks }, 'zk.password', undefined)).toMatchObject([
      { value: null, layer: null, groups: ['first', 'second'] },
    ]);
  });

  it('suggests the nearest key for one that is unknown', () => {
    expect(() => explainPinned(pinned(), 'zk.heapMib', undefined)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: 'No attribute of c1 is called "zk.heapMib"; did you mean "zk.heapMiB"?',
        hint: 'Name a cookbook to see all of its attributes: base, zk.',
      }) as Error,
    );
  });

  it('refuses a group that the cluster does not have', () => {
    expect(() => explainPinned(pinned(), 'zk', 'firs')).toThrow(
      'The cluster c1 has no group "firs"; there are first, second; did you mean "first"?',
    );
  });

  it.each(['__proto__', 'zk.__proto__', 'zk.constructor', ''])('finds nothing under %j', (key) => {
    expect(() => explainPinned(pinned(), key, undefined)).toThrow(/No attribute of c1/);
  });
});
