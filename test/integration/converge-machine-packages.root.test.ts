import { afterAll, describe, expect, it } from 'vitest';
import { compilePackages } from '../../src/cookbook/compile-packages.js';
import { compileRun } from '../../src/cookbook/compile-run.js';
import type { CompileInput } from '../../src/cookbook/types.js';
import { compileInput, makeCookbook, nodeView, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { setUpMachine, type ConvergeMachine } from './converge-machine.js';
import { GPG_KEY, RpmRepo } from './converge-rpm-repo.js';

/** Package steps of one machine, by recipe. */
class PackageSteps {
  readonly #machine: ConvergeMachine;
  readonly #input: Partial<CompileInput>;

  constructor(machine: ConvergeMachine, input: Partial<CompileInput> = {}) {
    this.#machine = machine;
    this.#input = input;
  }

  #compileInput(role: string): CompileInput {
    const nodes = [nodeView(0, { address: this.#machine.address, roles: ['demo'] })];
    return compileInput({ role, nodes, ...this.#input });
  }

  async run(resources: string, mode: 'apply' | 'check' = 'apply') {
    const script = compilePackages(this.#compileInput('packages'), [recipeCookbook(resources)])?.script ?? '';
    return (await this.#machine.run(script, mode)).lines[0];
  }

  /** What a check foretells, and what two runs then do. */
  async thrice(resources: string) {
    const lines = [await this.run(resources, 'check'), await this.run(resources), await this.run(resources)];
    return lines.map((line) => line?.outcome);
  }

  /** What the role sees. */
  async look(resources: string) {
    return (await this.#machine.run(compileRun(this.#compileInput('demo'), [recipeCookbook(resources)]).script)).lines;
  }
}

/** Makes `/srv/deb` a source of packages `NAME VERSION`, each with one file. */
const DEB_SOURCE = `
deb() {
  made=$(mktemp -d); mkdir -p "$made/DEBIAN" "$made/usr/share" /srv/deb; chmod 755 "$made"
  echo "$2" >"$made/usr/share/$1-version"
  printf 'Package: %s\\nVersion: %s\\nArchitecture: all\\nMaintainer: t <t@example.org>\\nDescription: t\\n' "$1" "$2" >"$made/DEBIAN/control"
  dpkg-deb -b "$made" "/srv/deb/$1_$2.deb" >/dev/null
}
index() {
  cd /srv/deb
  for deb in *.deb; do
    dpkg-deb -f "$deb"
    printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum <"$deb" | cut -d ' ' -f 1)"
  done >Packages
}
`;

describe('packages of a Debian machine with apt-get alone', () => {
  let machine: ConvergeMachine;
  let steps: PackageSteps;

  setUpMachine(async (made) => {
    machine = made;
    steps = new PackageSteps(machine);
    await machine.ssh(`${DEB_SOURCE}
      deb alpha 1.0-1; deb alpha 2.0-1; deb beta 1.0-1; deb old 1.0-1; index
      echo 'deb [trusted=yes] file:///srv/deb ./' >/etc/apt/sources.list.d/local.list
      dpkg -i /srv/deb/old_1.0-1.deb >/dev/null; rm -f /usr/bin/dnf /usr/bin/dnf-3`);
  });

  const installed = () =>
    machine.ssh("dpkg-query -W -f '${Package} ${Version} ${Status}\\n' alpha beta old 2>/dev/null || :");
  const alpha = (version: string, more = '') => `  - package: alpha\n    from: node\n    version: ${version}\n${more}`;
  const HOLD = '    hold: true\n';

  it('come in the given version or the newest, and go, in one transaction', async () => {
    const recipe = `${alpha('1.0-1')}  - package: beta\n    from: node\n  - package: old\n    state: absent\n`;

    const outcomes = await steps.thrice(recipe);

    expect(outcomes).toEqual(['would-change', 'changed', 'unchanged']);
    expect((await installed()).split('\n').filter((line) => line.includes('ok installed'))).toEqual([
      'alpha 1.0-1 install ok installed',
      'beta 1.0-1 install ok installed',
    ]);
    expect((await steps.look(recipe)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(await machine.ssh("grep -c '^Start-Date' /var/log/apt/history.log")).toBe('1\n');
  });

  it('are held from everyone but bde', async () => {
    const outcomes = await steps.thrice(alpha('1.0-1', HOLD));
    await machine.ssh('apt-get -y -q upgrade');
    const kept = await installed();

    const moved = await steps.run(alpha('2.0-1', HOLD));

    expect(outcomes).toEqual(['would-change', 'changed', 'unchanged']);
    expect(kept).toContain('alpha 1.0-1 hold ok installed');
    expect(moved?.outcome).toBe('changed');
    expect(await installed()).toContain('alpha 2.0-1 hold ok installed');
  });

  it('are let go when the recipe no longer holds them, and go back a version', async () => {
    await machine.ssh('apt-mark hold beta');

    const outcomes = await steps.thrice(alpha('1.0-1'));

    expect(outcomes).toEqual(['would-change', 'changed', 'unchanged']);
    expect(await machine.ssh('apt-mark showhold')).toBe('beta\n');
    expect(await installed()).toContain('alpha 1.0-1 install ok installed');
  });

  it('fail with what apt says of a version that no source has', async () => {
    const line = await steps.run(alpha('9.9-1'));

    expect(line?.outcome).toBe('failed');
    expect(line?.detail).toContain("Version '9.9-1' for 'alpha' was not found");
  });
});

describe('packages of a machine with dnf', () => {
  let machine: ConvergeMachine;
  let repo: RpmRepo;

  setUpMachine(async (made) => {
    machine = made;
    repo = await RpmRepo.startFor(machine);
    await machine.run(
      compileRun(compileInput({ role: 'repos', ...mirror() }), [
        makeCookbook('demo', {
          'roles/repos.yaml': 'summary: x\nrunList: ["demo::repos"]\n',
          'recipes/repos.yaml': 'resources:\n  - package_repo: bde\n',
        }),
      ]).script,
    );
  });
  afterAll(() => repo.stop());

  const mirror = (): Partial<CompileInput> => ({
    mirror: { url: repo.url, caPath: '/etc/bde/ca.pem', repos: [{ name: 'demo', gpgKeyPath: GPG_KEY }] },
  });
  const steps = (version = '1.0') =>
    new PackageSteps(machine, { ...mirror(), lockedPackages: { alpha: `alpha-${version}-1.noarch` } });
  const HELD = '  - package: alpha\n    hold: true\n';

  it('are held from everyone but bde', async () => {
    const conf = await machine.ssh('cat /etc/dnf/dnf.conf');

    const outcomes = await steps().thrice(HELD);
    await repo.add('alpha', '2.0');
    await machine.ssh('dnf -y -q --refresh upgrade alpha 2>&1 || :');
    const kept = await machine.ssh('rpm -q alpha');
    const moved = await steps('2.0').run(HELD);

    expect(outcomes).toEqual(['would-change', 'changed', 'unchanged']);
    expect(kept).toBe('alpha-1.0-1.noarch\n');
    expect(moved?.outcome).toBe('changed');
    expect(await machine.ssh('rpm -q alpha')).toBe('alpha-2.0-1.noarch\n');
    expect(await steps('2.0').thrice('  - package: alpha\n')).toEqual(['would-change', 'changed', 'unchanged']);
    expect(await machine.ssh('cat /etc/dnf/dnf.conf')).toBe(conf);
  });

  it("come from the node's own sources too, and go again", async () => {
    const own = '  - package: beta\n    from: node\n    version: "1.0"\n  - package: alpha\n';
    const gone = '  - package: beta\n    state: absent\n  - package: alpha\n';

    const outcomes = [...(await steps('2.0').thrice(own)), ...(await steps('2.0').thrice(gone))];

    expect(outcomes).toEqual(['would-change', 'changed', 'unchanged', 'would-change', 'changed', 'unchanged']);
    expect(await machine.ssh('rpm -q alpha beta || :')).toBe('alpha-2.0-1.noarch\npackage beta is not installed\n');
  });
});
