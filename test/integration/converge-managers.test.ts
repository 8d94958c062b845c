import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compilePackages } from '../../src/cookbook/compile-packages.js';
import { compileRun } from '../../src/cookbook/compile-run.js';
import type { CompileInput } from '../../src/cookbook/types.js';
import { compileInput, nodeView, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, SHELLS } from './converge-support.js';

/**
 * Every package manager in one: it notes how it was called. What is installed stands in `installed`; an installation makes
 * that what stands in `next`.
 */
const MANAGER = `#!/bin/sh
name=\${0##*/}
printf '%s\\n' "$name $*" >>"$FAKE/asked"
case $name in
  rpm) cat "$FAKE/installed" 2>/dev/null; exit ;;
  dpkg-query) sed 's/^/installed\\t/' "$FAKE/installed" 2>/dev/null; printf 'config-files\\tgone\\t1\\n'; exit ;;
esac
[ ! -e "$FAKE/refuses" ] || { cat "$FAKE/refuses" >&2; exit 1; }
case " $* " in
  *' install '* | *' remove '*) cp "$FAKE/next" "$FAKE/installed" ;;
esac
`;

const LOCKED = { alpha: 'alpha-1.0-1.noarch', beta: 'beta-2:3.0-1.x86_64' };

describe.each(Object.entries(SHELLS))('the package step under %s', (_, shell) => {
  let runner: BodyRunner;

  beforeEach(() => {
    runner = new BodyRunner();
    mkdirSync(join(runner.folder, 'bin'));
    writeFileSync(join(runner.folder, 'manager'), MANAGER, { mode: 0o755 });
  });
  afterEach(() => {
    runner.remove();
  });

  const path = (name: string) => join(runner.folder, name);
  const write = (name: string, text: string) => writeFileSync(path(name), text);
  const provide = (...names: readonly string[]) =>
    names.forEach((name) => symlinkSync('../manager', path(`bin/${name}`)));
  const asked = () =>
    existsSync(path('asked'))
      ? readFileSync(path('asked'), 'utf8')
          .trim()
          .split('\n')
          .filter((line) => !/^(?:rpm|dpkg-query) /.test(line))
      : [];
  const input: CompileInput = compileInput({
    nodes: [nodeView(0, { roles: ['demo'] })],
    lockedPackages: LOCKED,
    mirror: { url: 'https://m', caPath: '/ca', repos: [{ name: 'demo', gpgKeyPath: '/k' }] },
  });
  const before = () => `PATH=${runner.folder}/bin:$PATH; export FAKE=${runner.folder}`;
  const step = (resources: string, mode: 'apply' | 'check' = 'apply') => {
    const script = compilePackages({ ...input, role: 'packages' }, [recipeCookbook(resources)])?.script ?? '';
    return runner.run(script, { shell, mode, before: before() });
  };
  const role = (resources: string, mode: 'apply' | 'check' = 'apply') =>
    runner.run(compileRun(input, [recipeCookbook(resources)]).script, { shell, mode, before: before() });

  const BOTH = '  - package: alpha\n  - package: beta\n';
  const DONE = 'alpha\t0:1.0-1.noarch\nbeta\t2:3.0-1.x86_64\n';

  it.each([
    [
      'dnf',
      [
        'dnf -y -q --refresh --disableexcludes=all --disablerepo * --enablerepo bde-demo --setopt=*.gpgcheck=1 install -- alpha-1.0-1.noarch beta-2:3.0-1.x86_64',
      ],
    ],
    [
      'yum',
      [
        'yum -q clean expire-cache',
        'yum -y -q --disableexcludes=all install --disablerepo=* --enablerepo=bde-demo -- alpha-1.0-1.noarch beta-2:3.0-1.x86_64',
        'yum -y -q --disableexcludes=all downgrade --disablerepo=* --enablerepo=bde-demo -- alpha-1.0-1.noarch beta-2:3.0-1.x86_64',
      ],
    ],
    [
      'tdnf',
      [
        'tdnf -q clean expire-cache',
        'tdnf -y -q --disableexcludes install --disablerepo=* --enablerepo=bde-demo -- alpha-1.0-1.noarch beta-2:3.0-1.x86_64',
        'tdnf -y -q --disableexcludes downgrade --disablerepo=* --enablerepo=bde-demo -- alpha-1.0-1.noarch beta-2:3.0-1.x86_64',
      ],
    ],
  ])('asks %s for all packages at once, from the mirror alone, and only where one differs', (manager, calls) => {
    provide(manager, 'rpm');
    write('next', DONE);

    const foretold = step(BOTH, 'check');
    const calledByCheck = asked();
    const [first, second] = [step(BOTH), step(BOTH)];

    expect(foretold.lines[0]).toMatchObject({ outcome: 'would-change', detail: 'alpha, beta' });
    expect(calledByCheck).toEqual([]);
    expect([first.outcomes, second.outcomes]).toEqual([['packages[node]: changed'], ['packages[node]: unchanged']]);
    expect(asked()).toEqual(calls);
  });

  it('takes what is to be gone away, before the others come', () => {
    provide('dnf', 'rpm');
    write('installed', 'gone\t0:1-1.noarch\n');
    write('next', DONE);
    const resources = `${BOTH}  - package: gone\n    state: absent\n  - package: never\n    state: absent\n`;

    const { lines } = step(resources);

    expect(lines[0]).toMatchObject({ outcome: 'changed', detail: 'alpha, beta, gone 0:1-1.noarch' });
    expect(asked()[0]).toBe('dnf -y -q --disableexcludes=all --noautoremove remove -- gone');
    expect(step(resources).outcomes).toEqual(['packages[node]: unchanged']);
  });

  it("takes packages of the node's own sources from any repo, once they differ", () => {
    provide('dnf', 'rpm');
    write('next', `${DONE}own\t0:2.0-4.el9.noarch\nany\t1:1-1.noarch\n`);
    const resources = `${BOTH}  - package: own\n    from: node\n    version: "2.0"\n  - package: any\n    from: node\n`;

    const [first, second] = [step(resources), step(resources)];

    expect([first.outcomes, second.outcomes]).toEqual([['packages[node]: changed'], ['packages[node]: unchanged']]);
    expect(asked()).toEqual([
      'dnf -y -q --refresh --disableexcludes=all install -- alpha-1.0-1.noarch any beta-2:3.0-1.x86_64 own-2.0',
    ]);
  });

  it('asks apt for all in one transaction, what goes too', () => {
    provide('apt-get', 'dpkg-query');
    write('installed', 'old\t1\n');
    write('next', 'own\t2.0-1+deb12u1\nany\t3\n');
    const resources =
      '  - package: own\n    from: node\n    version: 2.0-1+deb12u1\n  - package: any\n    from: node\n  - package: old\n    state: absent\n  - package: gone\n    state: absent\n';

    const foretold = step(resources, 'check');
    const [first, second] = [step(resources), step(resources)];

    expect(foretold.lines[0]).toMatchObject({ outcome: 'would-change', detail: 'any, old 1, own' });
    expect([first.outcomes, second.outcomes]).toEqual([['packages[node]: changed'], ['packages[node]: unchanged']]);
    expect(asked()).toEqual([
      'apt-get -q update',
      'apt-get -y -q -o Dpkg::Options::=--force-confold --allow-downgrades --allow-change-held-packages --no-install-recommends install -- any own=2.0-1+deb12u1 old-',
    ]);
    expect(role(resources).outcomes).toEqual([
      'package[own]: unchanged',
      'package[any]: unchanged',
      'package[old]: unchanged',
      'package[gone]: unchanged',
    ]);
  });

  it('has apt hold packages, and let go of those that it held itself', () => {
    provide('apt-get', 'dpkg-query');
    writeFileSync(
      path('bin/apt-mark'),
      '#!/bin/sh\nverb=$1; shift\ncase $verb in\n  showhold) cat "$FAKE/marks" ;;\n  hold) printf "%s\\n" "$@" >>"$FAKE/marks" ;;\n  unhold) for name in "$@"; do sed -i "/^$name\\$/d" "$FAKE/marks"; done ;;\nesac\n',
      { mode: 0o755 },
    );
    write('installed', 'own\t1\nany\t1\n');
    write('next', 'own\t1\nany\t1\n');
    write('marks', 'theirs\n');
    const recipe = (own: string, any: string) =>
      `  - package: own\n    from: node\n${own}  - package: any\n    from: node\n${any}`;
    const hold = '    hold: true\n';

    const outcomes = [recipe(hold, ''), recipe(hold, ''), recipe('', hold)].map(
      (resources) => step(resources).lines[0]?.outcome,
    );
    const marks = readFileSync(path('marks'), 'utf8');
    write('marks', 'theirs\n');

    expect(outcomes).toEqual(['changed', 'unchanged', 'changed']);
    expect(marks).toBe('theirs\nany\n');
    expect(step(recipe('', hold)).lines[0]).toMatchObject({
      outcome: 'changed',
      detail: 'no longer held is one of any',
    });
  });

  it.each(['apply', 'check'] as const)('says that apt cannot take what the mirror has, when asked to %s', (mode) => {
    provide('apt-get', 'dpkg-query');

    const { lines } = step(BOTH, mode);

    expect(lines[0]).toMatchObject({ outcome: 'failed' });
    expect(lines[0]?.detail).toContain('the mirror has alpha as an RPM, and this node has apt-get alone');
    expect(asked()).toEqual([]);
  });

  it('fails with what the manager said', () => {
    provide('dnf', 'rpm');
    write('refuses', 'No match for argument: alpha\n');

    expect(step(BOTH).lines[0]).toMatchObject({ outcome: 'failed', detail: 'No match for argument: alpha' });
  });

  it('is what a role looks at: versions, and what is to be gone', () => {
    provide('dnf', 'rpm');
    write('installed', 'own\t0:2.0-4.noarch\ngone\t0:1-1.noarch\n');
    const own = (version: string) => `  - package: own\n    from: node\n    version: "${version}"\n`;

    expect(role(own('2.0')).outcomes).toEqual(['package[own]: unchanged']);
    expect(role(own('2')).lines[0]).toMatchObject({ outcome: 'failed', detail: 'own is 0:2.0-4.noarch instead of 2' });
    expect(role('  - package: gone\n    state: absent\n').lines[0]).toMatchObject({
      outcome: 'failed',
      detail: 'gone 0:1-1.noarch is installed',
    });
    expect(role(own('2'), 'check').lines[0]?.outcome).toBe('unknown');
  });
});
