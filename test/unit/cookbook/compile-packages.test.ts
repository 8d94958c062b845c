import { describe, expect, it } from 'vitest';
import { compilePackages, packageNames } from '../../../src/cookbook/compile-packages.js';
import { compileInput, errorOf, makeCookbook, nodeView } from './cookbook-support.js';

const COOKBOOK = makeCookbook('demo', {
  'roles/one.yaml': 'summary: x\nrunList: ["demo::one"]\n',
  'roles/two.yaml': 'summary: x\nrequires: [one]\nrunList: ["demo::two"]\n',
  'roles/none.yaml': 'summary: x\nrunList: []\n',
  'recipes/one.yaml': 'resources:\n  - package: b\n  - package: a\n',
  'recipes/two.yaml':
    'resources:\n  - package: b\n  - package: c\n  - file: /x\n    content: "{{facts.one.n.token}}"\n',
});
const LOCKED = { a: 'a-1.0-1.noarch', b: 'b-2:1.0-1.x86_64', c: 'c-1.0-1.noarch', unused: 'unused-1-1.noarch' };
const MIRROR = {
  url: 'https://m/c/1',
  caPath: '/ca.pem',
  repos: [
    { name: 'demo', gpgKeyPath: '/k' },
    { name: 'java', gpgKeyPath: '/k' },
  ],
};
const input = (roles: readonly string[]) =>
  compileInput({ role: 'packages', nodes: [nodeView(0, { roles })], lockedPackages: LOCKED, mirror: MIRROR });

describe('compilePackages', () => {
  it('takes what all roles of the node ask for in one transaction', () => {
    const run = compilePackages(input(['one', 'two', 'none']), [COOKBOOK]);

    expect(run?.resources).toEqual([
      {
        id: 'packages[node]',
        kind: 'packages',
        parameters: { locked: { a: 'a-1.0-1.noarch', b: 'b-2:1.0-1.x86_64', c: 'c-1.0-1.noarch' } },
        source: 'run lists of one, two, none',
      },
    ]);
    expect(run?.script).toContain(
      "bde_resource 'packages[node]' packages bde-demo,bde-java a 0:1.0-1.noarch a-1.0-1.noarch b 2:1.0-1.x86_64 b-2:1.0-1.x86_64 c 0:1.0-1.noarch c-1.0-1.noarch\n",
    );
  });

  it('has a digest of the locked versions of these packages alone', () => {
    const asked = input(['one']);
    const [digest, other, same] = [
      LOCKED,
      { ...LOCKED, a: 'a-1.1-1.noarch' },
      { ...LOCKED, unused: 'unused-2-1.noarch' },
    ].map((lockedPackages) => compilePackages({ ...asked, lockedPackages }, [COOKBOOK])?.digest);

    expect(other).not.toBe(digest);
    expect(same).toBe(digest);
  });

  it('takes only the repos that hold what the node asks for', () => {
    const packageSources = { a: ['java'], b: ['java'], c: ['demo', 'java'] };
    const [one, two, unknown] = [
      compilePackages({ ...input(['one']), packageSources }, [COOKBOOK]),
      compilePackages({ ...input(['two']), packageSources }, [COOKBOOK]),
      compilePackages({ ...input(['one']), packageSources: { a: ['java'] } }, [COOKBOOK]),
    ];

    expect(one?.script).toContain("'packages[node]' packages bde-java a ");
    expect(two?.script).toContain("'packages[node]' packages bde-demo,bde-java b ");
    expect(unknown?.script).toContain("'packages[node]' packages bde-demo,bde-java a ");
  });

  it('is null where the roles of the node ask for nothing', () => {
    expect(compilePackages(input(['none']), [COOKBOOK])).toBeNull();
  });

  it('names what the mirror lacks, and both ways out', () => {
    const error = errorOf(() =>
      compilePackages({ ...input(['one', 'two']), lockedPackages: { a: 'a-1-1.noarch' } }, [COOKBOOK]),
    );

    expect(error.code).toBe('PREFLIGHT_FAILED');
    expect(error.message).toBe('The mirror has no b, c for c-zk-0');
    expect(error.hint).toContain('--rehearse');
  });
});

describe('packageNames', () => {
  it('needs no fact and no lock', () => {
    expect(packageNames(compileInput({ role: 'two' }), [COOKBOOK])).toEqual(['b', 'c']);
  });
});
