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
      "bde_resource 'packages[node]' packages bde-demo,bde-java '' locked a 0:1.0-1.noarch a-1.0-1.noarch locked b 2:1.0-1.x86_64 b-2:1.0-1.x86_64 locked c 0:1.0-1.noarch c-1.0-1.noarch\n",
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

    expect(one?.script).toContain("'packages[node]' packages bde-java '' locked a ");
    expect(two?.script).toContain("'packages[node]' packages bde-demo,bde-java '' locked b ");
    expect(unknown?.script).toContain("'packages[node]' packages bde-demo,bde-java '' locked a ");
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

/** A cookbook of the roles `one` and `two`, which have a recipe each. */
function twoRoles(one: string, two: string) {
  return makeCookbook('demo', {
    'roles/one.yaml': 'summary: x\nrunList: ["demo::one"]\n',
    'roles/two.yaml': 'summary: x\nrunList: ["demo::two"]\n',
    'recipes/one.yaml': `resources:\n${one}`,
    'recipes/two.yaml': `resources:\n${two}`,
  });
}

describe('packages in other ways than locked', () => {
  const both = input(['one', 'two']);

  it('are part of the same step, and of its digest where they are there', () => {
    const cookbook = twoRoles(
      '  - package: a\n    hold: true\n  - package: gone\n    state: absent\n',
      '  - package: own\n    from: node\n    version: "2.0"\n  - package: a\n    version: "1.0"\n  - package: any\n    from: node\n',
    );

    const run = compilePackages(both, [cookbook]);

    expect(run?.resources[0]?.parameters).toEqual({
      locked: { a: 'a-1.0-1.noarch' },
      node: { any: '', own: '2.0' },
      absent: ['gone'],
      held: ['a'],
    });
    expect(run?.script).toContain(
      "packages bde-demo,bde-java a locked a 0:1.0-1.noarch a-1.0-1.noarch node any '' '' absent gone '' '' node own 2.0 ''\n",
    );
  });

  it('need no lock', () => {
    const cookbook = twoRoles('  - package: own\n    from: node\n', '  - package: gone\n    state: absent\n');

    expect(
      compilePackages({ ...both, lockedPackages: {}, mirror: null }, [cookbook])?.resources[0]?.parameters,
    ).toEqual({
      locked: {},
      node: { own: '' },
      absent: ['gone'],
    });
  });

  it.each([
    ['  - package: a\n', '    state: absent\n', 'is to be installed from the mirror for one, and absent for two'],
    ['  - package: a\n', '    from: node\n', "and installed from the node's own sources for two"],
    [
      '  - package: a\n    from: node\n    version: "1"\n',
      '    from: node\n    version: "2"\n',
      "is to be 1 from the node's own sources for one, and 2 from the node's own sources for two",
    ],
  ])('are refused where two roles contradict each other: %j %j', (one, two, message) => {
    const cookbook = twoRoles(one, `  - package: a\n${two}`);

    const error = errorOf(() => compilePackages(both, [cookbook]));

    expect(error.code).toBe('COOKBOOK_INVALID');
    expect(error.message).toContain(message);
  });

  it('are refused where the pin is not what the mirror has, with the version that it has', () => {
    const cookbook = twoRoles('  - package: b\n    version: "1.1"\n', '  - package: c\n');

    const error = errorOf(() => compilePackages(both, [cookbook]));

    expect(error.message).toBe(
      'cookbooks/demo/recipes/one.yaml:3:5: version is "1.1"; the mirror has b-2:1.0-1.x86_64',
    );
    expect(error.hint).toContain('bde repo build');
  });
});
