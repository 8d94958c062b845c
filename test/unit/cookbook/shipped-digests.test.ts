import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cookbookLayer, rolesByName } from '../../../src/cookbook/attribute-layers.js';
import { compileRun } from '../../../src/cookbook/compile-run.js';
import { mergeAttributes } from '../../../src/cookbook/merge-attributes.js';
import { parseCookbook } from '../../../src/cookbook/parse-cookbook.js';
import { readCookbooks } from '../../../src/files/read-cookbooks.js';
import type { CompiledRun } from '../../../src/cookbook/types.js';
import { compileInput, nodeView } from './cookbook-support.js';

const GOLDEN = JSON.parse(readFileSync('test/fixtures/digests/shipped-roles.json', 'utf8')) as Record<string, string>;

const COOKBOOKS = (await readCookbooks(['cookbooks'])).map(parseCookbook);
const ROLES = [...rolesByName(COOKBOOKS).keys()].sort();
const NODES = [0, 1, 2].map((index) => nodeView(index, { roles: ROLES }));

function compileOn(role: string, node: number, cookbooks = COOKBOOKS): CompiledRun {
  const input = compileInput({
    role,
    nodes: NODES,
    node: NODES[node] ?? nodeView(0),
    attributes: mergeAttributes([cookbookLayer(cookbooks)]).attributes,
    lockedPackages: { zookeeper: 'zookeeper-3.8.4-1.noarch', mesos: 'mesos-1:1.11.0-2.x86_64' },
    mirror: {
      url: 'https://10.0.0.1:8443/c/01X',
      caPath: '/etc/bde/ca.pem',
      repos: [{ name: 'zookeeper', gpgKeyPath: '/etc/pki/rpm-gpg/RPM-GPG-KEY-bde' }],
    },
  });
  return compileRun(input, cookbooks);
}

/** Where a digest here changes, every node that bears the role converges again: a cookbook may want that, a compiler never. */
describe('digests of the shipped roles', () => {
  it.each(ROLES.flatMap((role) => [0, 2].map((node) => [role, node] as const)))(
    'are what they were for %s on node %i',
    (role, node) => {
      expect(compileOn(role, node).digest).toBe(GOLDEN[`${role} ${String(node)}`]);
    },
  );

  it('are recorded for every role', () => {
    expect(Object.keys(GOLDEN).sort()).toEqual(ROLES.flatMap((role) => [`${role} 0`, `${role} 2`]));
  });
});

/** As another process has them, which knows nothing of what this one has parsed and compiled. */
const PARSED_AGAIN = (await readCookbooks(['cookbooks'])).map(parseCookbook).reverse();

describe('runs of the shipped roles', () => {
  it.each(ROLES)('are the same for %s where the cookbooks are parsed anew, in another order', (role) => {
    expect(compileOn(role, 1, PARSED_AGAIN)).toEqual(compileOn(role, 1));
  });
});
