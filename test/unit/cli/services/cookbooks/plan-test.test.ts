import { describe, expect, it } from 'vitest';
import { planTest } from '../../../../../src/cli/services/cookbooks/plan-test.js';
import type { Role } from '../../../../../src/cookbook/types.js';
import { parseManifest } from '../../../../../src/distro/parse-manifest.js';
import { parseDocument } from '../../../../../src/spec/document/parse-document.js';
import { parseClusterSpec } from '../../../../../src/spec/parse-cluster-spec.js';
import { makeCookbook } from '../../../cookbook/cookbook-support.js';

const COOKBOOK = makeCookbook('demo', {
  'roles/basic.yaml': 'summary: Base\nrunList: []\n',
  'roles/demo_store.yaml':
    'summary: Store\nrunList: []\nrequires: [clock]\nminimumMemoryMiB: 100\ncardinality: { min: 3, quorum: true }\n',
  'roles/demo_web.yaml': 'summary: Web\nrunList: []\nrequires: [demo_store]\n',
  'roles/clock.yaml': 'summary: Clock\nrunList: []\n',
});
const ROLES: ReadonlyMap<string, Role> = new Map(
  Object.values(COOKBOOK.roles).map(({ role }) => [role.name, role] as const),
);

const manifestOf = (...entries: readonly object[]) =>
  parseManifest(parseDocument(JSON.stringify(entries), 'manifest.json'));

const entry = (name: string, roles: readonly string[]) => ({ name, version: '2', packages: [{ roles }], repos: [] });

/** Group names, roles, sizes of the spec, as the reader of specs takes it. */
function groupsOf(spec: object) {
  const { groups } = parseClusterSpec(parseDocument(JSON.stringify(spec), 'spec.json')).spec;
  return groups.map(({ name, roles, count, memoryMiB }) => [name, roles.join(), count, memoryMiB]);
}

describe('planTest', () => {
  it('puts each role on as few nodes as it allows, and what they require beside them', () => {
    const { spec } = planTest(['demo_web'], ROLES, manifestOf());

    expect(groupsOf(spec)).toEqual([
      ['clock', 'clock', 1, 512],
      ['demostore1', 'demo_store', 3, 612],
      ['demoweb2', 'demo_web', 1, 512],
    ]);
  });

  it('takes the first distro that offers all of them', () => {
    const manifest = manifestOf(
      entry('small', ['basic', 'clock']),
      entry('whole', ['basic', 'clock', 'demo_store']),
      entry('larger', ['basic', 'clock', 'demo_store', 'demo_web']),
    );

    expect(planTest(['demo_store'], ROLES, manifest)).toMatchObject({ distro: 'whole@2', manifest: [] });
  });

  it('makes a distro up where none does, and one that a manifest may hold', () => {
    const { distro, manifest } = planTest(['clock'], ROLES, manifestOf(entry('small', ['basic'])));

    expect(distro).toBe('cookbook-test');
    expect(manifestOf(...manifest)).toMatchObject({
      distros: [{ name: 'cookbook-test', roles: ['basic', 'clock'], cookbooks: null, repos: [] }],
      findings: [],
    });
  });

  it('tests the base role by itself', () => {
    expect(groupsOf(planTest(['basic'], ROLES, manifestOf()).spec)).toEqual([['basic', 'basic', 1, 512]]);
  });
});
