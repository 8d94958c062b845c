import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { compilePackages } from '../../src/cookbook/compile-packages.js';
import { compileRun } from '../../src/cookbook/compile-run.js';
import type { NodeView } from '../../src/cookbook/types.js';
import { compileInput, makeCookbook, nodeView, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { BodyRunner, describeInTurns } from './converge-support.js';
import { SYSTEMCTL } from './fake-systemctl.js';

const NODE = '10.99.0.2';
const PEER = '10.99.0.3';
const STRANGER = '10.99.0.4';

const root = (program: string, ...args: readonly string[]): string => execFileSync(program, args, { encoding: 'utf8' });

/** A node of namespaces: a host name, an `/etc` and a network of its own; on its one link another network is the peer's. */
class NamespaceNode {
  readonly #key = `bdet${randomBytes(3).toString('hex')}`;
  readonly #folder: string;
  readonly #servers: ChildProcess[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(join(folder, 'etc/systemd/system'), { recursive: true });
    // Programs such as awk are links to what stands among the alternatives.
    for (const name of ['passwd', 'group', 'nsswitch.conf', 'alternatives']) {
      cpSync(join('/etc', name), join(folder, 'etc', name), { recursive: true, verbatimSymlinks: true });
    }
    writeFileSync(join(folder, 'uts'), '');
    root('unshare', `--uts=${folder}/uts`, 'hostname', 'before');
    for (const end of ['n', 'p']) root('ip', 'netns', 'add', `${this.#key}${end}`);
    root('ip', '-n', `${this.#key}n`, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'eth0', 'netns', `${this.#key}p`);
    this.#address('n', NODE);
    this.#address('p', PEER);
    this.#address('p', STRANGER);
  }

  #address(end: string, address: string): void {
    root('ip', '-n', `${this.#key}${end}`, 'address', 'add', `${address}/24`, 'dev', 'eth0');
    root('ip', '-n', `${this.#key}${end}`, 'link', 'set', 'eth0', 'up');
    root('ip', '-n', `${this.#key}${end}`, 'link', 'set', 'lo', 'up');
  }

  /** A shell that runs on this node. */
  shell(inner: readonly string[]): readonly string[] {
    const enter = ['nsenter', `--uts=${this.#folder}/uts`, `--net=/run/netns/${this.#key}n`, 'unshare', '--mount'];
    return [...enter, 'sh', '-c', 'mount --bind "$0/etc" /etc && exec "$@"', this.#folder, ...inner];
  }

  /** A command in the node's network and host name. */
  run(...command: readonly string[]): string {
    return root('nsenter', `--uts=${this.#folder}/uts`, `--net=/run/netns/${this.#key}n`, ...command);
  }

  /** Whether a connection from one of the peer's addresses to a port of the node comes about. */
  reaches(from: string, port: number): boolean {
    const target = `telnet://${NODE}:${String(port)}`;
    const probe = `curl -s -m 1 --connect-timeout 1 --interface ${from} -w '%{time_connect}' ${target} </dev/null; :`;
    return /[1-9]/.test(root('ip', 'netns', 'exec', `${this.#key}p`, 'sh', '-c', probe));
  }

  /** Something that listens on this port of the node. */
  listen(port: number): void {
    const args = ['netns', 'exec', `${this.#key}n`, 'busybox', 'nc', '-ll', '-p', String(port), '-e', 'cat'];
    this.#servers.push(spawn('ip', args, { stdio: 'ignore' }));
    const listens = `until ss -Hltn 'sport = ${String(port)}' | grep -q .; do :; done`;
    root('timeout', '10', 'ip', 'netns', 'exec', `${this.#key}n`, 'sh', '-c', listens);
  }

  remove(): void {
    for (const server of this.#servers) server.kill('SIGKILL');
    for (const end of ['n', 'p']) root('ip', 'netns', 'del', `${this.#key}${end}`);
    root('umount', join(this.#folder, 'uts'));
  }
}

describeInTurns('a node of namespaces', (shell, it) => {
  let runner: BodyRunner;
  let node: NamespaceNode;

  beforeEach(() => {
    runner = new BodyRunner();
    node = new NamespaceNode(runner.folder);
    mkdirSync(join(runner.folder, 'units'));
    mkdirSync(join(runner.folder, 'bin'));
    writeFileSync(join(runner.folder, 'bin/systemctl'), SYSTEMCTL, { mode: 0o755 });
  });
  afterEach(() => {
    node.remove();
    runner.remove();
  });

  const etc = (path: string) => join(runner.folder, 'etc', path);
  const nodes: readonly NodeView[] = [
    nodeView(0, { address: NODE, roles: ['demo'] }),
    nodeView(1, { address: PEER, roles: ['caller'] }),
    nodeView(2, { address: STRANGER, roles: ['other'] }),
  ];
  const run = (resources: string, options: { readonly mode?: 'check'; readonly before?: string } = {}) => {
    const cookbook = makeCookbook('demo', {
      'roles/demo.yaml': 'summary: x\nrunList: ["demo::main"]\nports: [{ name: http, port: 8080 }]\n',
      'roles/caller.yaml': 'summary: x\nrequires: [demo]\nrunList: []\n',
      'roles/other.yaml': 'summary: x\nrunList: []\n',
      'recipes/main.yaml': `resources:\n${resources}`,
    });
    const { script } = compileRun(compileInput({ nodes }), [cookbook]);
    const environment = `PATH=${runner.folder}/bin:$PATH; export UNITS=${runner.folder}/units`;
    const before = [environment, 'unset SSH_CONNECTION', options.before ?? ''].join('\n');
    return runner.run(script, { shell: node.shell(shell), before, ...(options.mode && { mode: options.mode }) });
  };
  const twice = (resources: string) => [run(resources), run(resources)] as const;

  it('gets its name now and for the next boot', () => {
    const recipe = '  - hostname: "{{node.name}}"\n';

    const foretold = run(recipe, { mode: 'check' });
    const [first, second] = twice(recipe);
    node.run('hostname', 'drifted');
    const third = run(recipe);

    expect(foretold.lines[0]).toMatchObject({ outcome: 'would-change', detail: 'absent, before instead of c-zk-0' });
    expect([first, second, third].flatMap(({ lines }) => lines.map(({ outcome }) => outcome))).toEqual([
      'changed',
      'unchanged',
      'changed',
    ]);
    expect(third.lines[0]?.detail).toBe('drifted instead of c-zk-0');
    expect(node.run('hostname').trim()).toBe('c-zk-0');
    expect(readFileSync(etc('hostname'), 'utf8')).toBe('c-zk-0\n');
  });

  it('lets in through its firewall what its roles declare, and ssh', () => {
    for (const port of [22, 8080, 9999]) node.listen(port);
    const recipe = '  - firewall: node\n';

    const foretold = run(recipe, { mode: 'check' });
    const open = node.reaches(PEER, 9999);
    const [first, second] = twice(recipe);

    expect(foretold.lines[0]?.outcome).toBe('would-change');
    expect(open).toBe(true);
    expect([first.lines[0]?.outcome, second.lines[0]?.outcome]).toEqual(['changed', 'unchanged']);
    expect([22, 8080, 9999].map((port) => node.reaches(PEER, port))).toEqual([true, true, false]);
    expect(second.detaches).toBe(0);
  });

  it('lets in per peer only nodes of roles that need it', () => {
    node.listen(8080);
    node.listen(9000);
    const recipe = '  - firewall: node\n    per_peer: true\n    ports: ["9000"]\n    network: 10.99.0.4\n';

    run(recipe);

    expect([node.reaches(PEER, 8080), node.reaches(STRANGER, 8080)]).toEqual([true, false]);
    expect([node.reaches(PEER, 9000), node.reaches(STRANGER, 9000)]).toEqual([false, true]);
    expect(run(recipe).lines[0]?.outcome).toBe('unchanged');
  });

  it("mends its own table, and leaves everyone else's alone", () => {
    const recipe = '  - firewall: node\n';
    node.run('nft', 'add table inet theirs');
    run(recipe);
    node.run('nft', 'add rule inet bde_node input tcp dport 9999 accept');

    const foretold = run(recipe, { mode: 'check' });
    const mended = run(recipe);
    node.run('nft', 'delete table inet bde_node');
    const again = run(recipe);

    expect(foretold.lines[0]).toMatchObject({ outcome: 'would-change', detail: 'the kernel has other rules' });
    expect(mended.lines[0]).toMatchObject({ outcome: 'changed', detail: 'the kernel has other rules' });
    expect(again.lines[0]?.outcome).toBe('changed');
    expect(node.run('nft', 'list ruleset')).not.toContain('9999');
    expect(node.run('nft', 'list tables')).toBe('table inet theirs\ntable inet bde_node\n');
  });

  it('loads rules that were written and not loaded when a run was killed', () => {
    run('  - firewall: node\n');
    const changed = '  - firewall: node\n    ports: ["9000"]\n';
    run(changed, { before: 'nft() { case $1 in -f) kill -9 $$ ;; *) command nft "$@" ;; esac; }' });
    const inTheFile = readFileSync(etc('bde/firewall-node.nft'), 'utf8');

    const next = run(changed);

    expect(inTheFile).toContain('9000');
    expect(next.lines[0]).toMatchObject({ outcome: 'changed', detail: 'the kernel has other rules' });
    expect(node.run('nft', 'list table inet bde_node')).toContain('9000');
  });

  it('does not shut the door by which the run came in', () => {
    const before = 'export SSH_CONNECTION="10.99.0.3 50000 10.99.0.2 2222"';

    const refused = run('  - firewall: node\n', { before });
    const foretold = run('  - firewall: node\n', { before, mode: 'check' });
    const allowed = run('  - firewall: node\n    ssh_port: 2222\n', { before });

    expect(refused.lines[0]).toMatchObject({
      outcome: 'failed',
      detail: 'this node is reached by ssh on port 2222, and the firewall would leave 22 open; set ssh_port: 2222',
    });
    expect(foretold.lines[0]?.outcome).toBe('failed');
    expect(allowed.lines[0]?.outcome).toBe('changed');
  });

  it('has its firewall loaded at boot by a unit, and all of it taken away again', () => {
    run('  - firewall: node\n');
    const unitState = readFileSync(join(runner.folder, 'units/bde-firewall-node.service'), 'utf8');
    const gone = '  - firewall: node\n    state: absent\n';

    const foretold = run(gone, { mode: 'check' });
    const [first, second] = twice(gone);

    expect(unitState).toContain('enabled');
    expect(foretold.lines[0]?.outcome).toBe('would-change');
    expect([first.lines[0]?.outcome, second.lines[0]?.outcome]).toEqual(['changed', 'unchanged']);
    expect(node.run('nft', 'list tables')).toBe('');
    expect(existsSync(etc('bde/firewall-node.nft'))).toBe(false);
    expect(existsSync(etc('systemd/system/bde-firewall-node.service'))).toBe(false);
  });

  it('says what nft has against a rule, and keeps the rules that it had', () => {
    run('  - firewall: node\n');
    const broken = 'nft() { case $1 in -f) echo "Error: no" >&2; return 1 ;; *) command nft "$@" ;; esac; }';

    const failed = run('  - firewall: node\n    ports: ["9000"]\n', { before: broken });

    expect(failed.lines[0]).toMatchObject({ outcome: 'failed', detail: 'Error: no' });
    expect(node.run('nft', 'list table inet bde_node')).toContain('8080');
  });

  const TIMER = '  - timer: sweep\n    on_calendar: daily\n    command: rm -rf "/tmp/$USER"\n';
  const listed = (name: string) => existsSync(etc(`systemd/system/${name}`));

  it('gets a timer with a service of its own, and loses both again', () => {
    const foretold = run(TIMER, { mode: 'check' });
    const [first, second] = twice(TIMER);
    const service = readFileSync(etc('systemd/system/sweep.service'), 'utf8');
    const [gone, stillGone] = twice('  - timer: sweep\n    state: absent\n');

    expect(foretold.lines[0]).toMatchObject({ outcome: 'would-change' });
    expect([first, second, gone, stillGone].map(({ lines }) => lines[0]?.outcome)).toEqual([
      'changed',
      'unchanged',
      'changed',
      'unchanged',
    ]);
    expect(service).toContain('ExecStart=/bin/sh -c "rm -rf \\"/tmp/$$USER\\""');
    expect([listed('sweep.timer'), listed('sweep.service')]).toEqual([false, false]);
  });

  it('loses with a timer no service that is not its own', () => {
    writeFileSync(etc('systemd/system/sweep.service'), '[Service]\nExecStart=/bin/true\n');

    run('  - timer: sweep\n    state: absent\n');

    expect(listed('sweep.service')).toBe(true);
  });

  it('refuses a moment that systemd cannot read, and writes nothing', () => {
    const recipe = '  - timer: sweep\n    on_calendar: [daily, "someday"]\n    command: "true"\n';
    writeFileSync(
      join(runner.folder, 'bin/systemd-analyze'),
      '#!/bin/sh\n[ "$3" = daily ] || { echo "Failed to parse calendar specification" >&2; exit 1; }\n',
      { mode: 0o755 },
    );

    const [checked, applied] = [run(recipe, { mode: 'check' }), run(recipe)];

    expect([checked, applied].map(({ lines }) => lines[0]?.outcome)).toEqual(['failed', 'failed']);
    expect(applied.lines[0]?.detail).toContain('on_calendar someday: Failed to parse');
    expect(listed('sweep.timer')).toBe(false);
  });

  it('has drop-ins in the folder of their unit, which goes with the last one', () => {
    const dropIns =
      '  - systemd_unit: web\n    drop_in: a\n    content: x\n  - systemd_unit: web\n    drop_in: b\n    content: y\n';
    const absent = dropIns.replaceAll(/content: \w/g, 'state: absent');

    const [first, second] = twice(dropIns);
    appendFileSync(etc('systemd/system/web.service.d/a.conf'), 'drift');
    const mended = run(dropIns);
    const [gone, stillGone] = twice(absent);

    expect(first.outcomes).toEqual([
      'systemd_unit[web.service.d/a.conf]: changed',
      'systemd_unit[web.service.d/b.conf]: changed',
    ]);
    expect([second, mended, gone, stillGone].map(({ lines }) => lines.map(({ outcome }) => outcome))).toEqual([
      ['unchanged', 'unchanged'],
      ['changed', 'unchanged'],
      ['changed', 'changed'],
      ['unchanged', 'unchanged'],
    ]);
    expect(listed('web.service.d')).toBe(false);
  });

  describe('holding packages from dnf', () => {
    const conf = () => readFileSync(etc('dnf/dnf.conf'), 'utf8');
    const step = (resources: string, mode: 'apply' | 'check' = 'apply') => {
      const lockedPackages = { alpha: 'alpha-1-1.noarch', beta: 'beta-1-1.noarch' };
      const input = compileInput({ role: 'packages', nodes, lockedPackages });
      const script = compilePackages(input, [recipeCookbook(resources)])?.script ?? '';
      const before = `PATH=${runner.folder}/bin:$PATH`;
      return runner.run(script, { shell: node.shell(shell), before, mode }).lines[0];
    };
    const [ALPHA, BETA] = ['  - package: alpha\n    hold: true\n', '  - package: beta\n'];

    beforeEach(() => {
      mkdirSync(etc('dnf'));
      writeFileSync(etc('dnf/dnf.conf'), '[main]\ngpgcheck=1\n');
      const rpm = "#!/bin/sh\nprintf 'alpha\\t0:1-1.noarch\\nbeta\\t0:1-1.noarch\\n'\n";
      writeFileSync(join(runner.folder, 'bin/rpm'), rpm, { mode: 0o755 });
      writeFileSync(join(runner.folder, 'bin/dnf'), '#!/bin/sh\n', { mode: 0o755 });
    });

    it('writes excludes that everyone else keeps to, and takes them away again', () => {
      const foretold = step(ALPHA + BETA, 'check');
      const [first, second] = [step(ALPHA + BETA), step(ALPHA + BETA)];
      const held = conf();
      const both = step(`${ALPHA}${BETA}    hold: true\n`);
      const heldBoth = conf();
      const ended = step(ALPHA.replace('    hold: true\n', '') + BETA);

      expect([foretold, first, second, both, ended].map((line) => [line?.outcome, line?.detail])).toEqual([
        ['would-change', 'held are none instead of alpha'],
        ['changed', 'held are none instead of alpha'],
        ['unchanged', undefined],
        ['changed', 'held are alpha instead of alpha,beta'],
        ['changed', 'held are alpha,beta instead of none'],
      ]);
      expect(held).toBe('[main]\n# bde holds: begin\nexcludepkgs=alpha\n# bde holds: end\ngpgcheck=1\n');
      expect(heldBoth).toContain('excludepkgs=alpha beta\n');
      expect(conf()).toBe('[main]\ngpgcheck=1\n');
    });

    it('writes them again where they are gone', () => {
      step(ALPHA);
      writeFileSync(etc('dnf/dnf.conf'), '[main]\n');

      expect([step(ALPHA)?.outcome, step(ALPHA)?.outcome]).toEqual(['changed', 'unchanged']);
      expect(conf()).toContain('excludepkgs=alpha\n');
    });

    it('does not write over a list that the node has already', () => {
      appendFileSync(etc('dnf/dnf.conf'), 'exclude = kernel\n');

      expect(step(ALPHA)).toMatchObject({ outcome: 'failed' });
      expect(step(ALPHA, 'check')?.detail).toContain('/etc/dnf/dnf.conf has a list of excludes already');
    });
  });
});
