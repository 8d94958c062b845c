import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compilePackages } from '../../src/cookbook/compile-packages.js';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { fillSecrets, secretToken } from '../../src/cookbook/secret-token.js';
import { Secret } from '../../src/errors/secret.js';
import type { CompileInput } from '../../src/cookbook/types.js';
import { compileInput, nodeView, recipeCookbook } from '../unit/cookbook/cookbook-support.js';
import { setUpMachine, type ConvergeMachine } from './converge-machine.js';
import { GPG_KEY, RpmRepo } from './converge-rpm-repo.js';

/** A daemon that says on port 8099 with which configuration it was started. */
const DAEMON = `
  - template: /etc/demo.conf
    content: "{{attributes.word}}\\n"
    notify: restart service[demo]
  - systemd_unit: demo
    content: |
      [Service]
      ExecStart=/usr/bin/python3 -m http.server 8099 --directory /srv/demo
      ExecStartPre=/bin/cp /etc/demo.conf /srv/demo/word
      [Install]
      WantedBy=multi-user.target
    notify: restart service[demo]
  - directory: /srv/demo
  - service: demo
  - wait_for: demo listens
    port: 8099
    timeout_seconds: 30
  - wait_for: demo answers
    http: http://127.0.0.1:8099/word
    timeout_seconds: 30
  - wait_for: demo answers from outside
    host: "{{node.address}}"
    port: 8099
    timeout_seconds: 30
`;

describe('resources on a real machine', () => {
  let machine: ConvergeMachine;

  setUpMachine((made) => {
    machine = made;
  });

  const compile = (resources: string, input: Partial<CompileInput> = {}) =>
    compileRun(compileInput({ nodes: [nodeView(0, { address: machine.address })], ...input }), [
      recipeCookbook(resources),
    ]).script;

  /** Applies a recipe twice and gives the outcomes of both runs. */
  const twice = async (resources: string, input: Partial<CompileInput> = {}) => {
    const script = compile(resources, input);
    return [await machine.run(script), await machine.run(script)] as const;
  };

  it('makes groups and users, and mends them', async () => {
    const accounts = `
  - group: staffers
    gid: 4100
  - group: demo
    system: true
  - user: demo
    group: demo
    groups: [staffers]
    home: /srv/home
    shell: /bin/sh
    comment: Demo user
    system: true
  - user: plain
`;

    const [first, second] = await twice(accounts);
    await machine.ssh('usermod -s /bin/false -G "" demo; groupmod -g 4200 staffers');
    const third = await machine.run(compile(accounts));

    expect(first.outcomes).toEqual([
      'group[staffers]: changed',
      'group[demo]: changed',
      'user[demo]: changed',
      'user[plain]: changed',
    ]);
    expect(new Set(second.lines.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
    expect(third.lines.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['changed', 'gid 4200 instead of 4100'],
      ['unchanged', undefined],
      ['changed', 'shell /bin/false instead of /bin/sh, not in staffers'],
      ['unchanged', undefined],
    ]);
    expect((await machine.ssh('id -nG demo')).trim()).toBe('demo staffers');
    expect(await machine.ssh('ls -d /srv/home 2>&1 || :')).toContain('No such file');
  });

  it('owns files by users that the same run made', async () => {
    const [first, second] = await twice(`
  - file: /etc/late.conf
    content: x
    owner: late
    group: late
    mode: "0640"
    only_if: getent passwd late
  - user: late
  - directory: /srv/late
    owner: late
    group: late
    mode: "2750"
  - file: /srv/late/conf
    content: x
    owner: late
    group: late
    mode: "0640"
`);

    expect(first.outcomes).toEqual([
      'file[/etc/late.conf]: unchanged',
      'user[late]: changed',
      'directory[/srv/late]: changed',
      'file[/srv/late/conf]: changed',
    ]);
    expect(second.outcomes[0]).toBe('file[/etc/late.conf]: changed');
    expect((await machine.ssh('stat -c "%a %U %G" /srv/late /srv/late/conf')).trim()).toBe(
      '2750 late late\n640 late late',
    );
  });

  it('keeps its block in the hosts file, and all other lines', async () => {
    const before = await machine.ssh('cat /etc/hosts');
    const recipe = '  - hosts_entries: cluster\n    scope: cluster\n';
    const nodes = [nodeView(0, { address: machine.address }), nodeView(1)];

    const [first, second] = await twice(recipe, { nodes });
    await machine.ssh('echo 192.0.2.1 mine >>/etc/hosts');
    const smaller = await machine.run(compile(recipe, { nodes: nodes.slice(0, 1) }));

    expect([first.outcomes, second.outcomes, smaller.outcomes]).toEqual([
      ['hosts_entries[cluster]: changed'],
      ['hosts_entries[cluster]: unchanged'],
      ['hosts_entries[cluster]: changed'],
    ]);
    expect(await machine.ssh('cat /etc/hosts')).toBe(
      `${before}# bde cluster: begin\n${machine.address} c-zk-0\n# bde cluster: end\n192.0.2.1 mine\n`,
    );
  });

  it('sets a password by its hash, which is shown to nobody, and takes users away', async () => {
    const hash = (await machine.ssh("printf '%s' 'a word' | openssl passwd -6 -salt bdesalt -stdin")).trim();
    const input = { attributes: { demo: { hash: secretToken('h') } } };
    const script = fillSecrets(
      compile('  - user: secretive\n    password_hash: "{{attributes.hash}}"\n', input),
      new Map([['h', new Secret(hash)]]),
    ).reveal();

    const [first, second] = [await machine.run(script), await machine.run(script)];
    await machine.ssh("usermod -p '!' secretive");
    const repaired = await machine.run(script);
    const shadow = await machine.ssh('getent shadow secretive');
    const [gone, stays] = await twice('  - user: secretive\n    state: absent\n');

    expect([first.outcomes, second.outcomes]).toEqual([['user[secretive]: changed'], ['user[secretive]: unchanged']]);
    expect(repaired.lines[0]).toMatchObject({ outcome: 'changed', detail: 'password' });
    expect(shadow).toContain(`secretive:${hash}:`);
    expect(JSON.stringify([first, repaired])).not.toContain(hash);
    expect([gone.outcomes, stays.outcomes]).toEqual([['user[secretive]: changed'], ['user[secretive]: unchanged']]);
    expect(await machine.ssh('getent passwd secretive || echo none')).toBe('none\n');
  });

  it('refuses a secret password that is no hash, without showing it', async () => {
    const input = { attributes: { demo: { hash: secretToken('h') } } };
    const script = compile('  - user: plain\n    password_hash: "{{attributes.hash}}"\n', input);

    const { lines } = await machine.run(fillSecrets(script, new Map([['h', new Secret('hunter2')]])).reveal());

    expect(lines[0]).toMatchObject({ outcome: 'failed', detail: 'password_hash is no hash such as crypt(3) gives' });
  });

  it('sets kernel parameters now and for the next boot', async () => {
    const [first, second] = await twice(`
  - sysctl: net.core.somaxconn
    value: "2048"
  - sysctl: vm.swappiness
    value: "1"
    where_possible: true
`);

    expect(first.outcomes).toEqual(['sysctl[net.core.somaxconn]: changed', 'sysctl[vm.swappiness]: changed']);
    expect(second.outcomes).toEqual(['sysctl[net.core.somaxconn]: unchanged', 'sysctl[vm.swappiness]: unchanged']);
    expect(second.lines[1]?.detail).toContain('/proc/sys/vm/swappiness cannot be written here');
    expect(await machine.ssh('cat /proc/sys/net/core/somaxconn /etc/sysctl.d/60-bde-net.core.somaxconn.conf')).toBe(
      '2048\nnet.core.somaxconn = 2048\n',
    );
  });

  it('fails for a kernel parameter that cannot be set, and says which', async () => {
    const { lines } = await machine.run(compile('  - sysctl: vm.overcommit_ratio\n    value: "51"\n'));

    expect(lines[0]).toMatchObject({ outcome: 'failed' });
    expect(lines[0]?.detail).toContain('/proc/sys/vm/overcommit_ratio');
  });

  it('keeps kernel modules for the next boot where the machine may load none', async () => {
    const recipe = '  - kernel_module: br-demo\n    options: a=1\n    where_possible: true\n';

    const [first, second] = await twice(recipe);
    const strict = await machine.run(compile('  - kernel_module: br-demo\n    options: a=1\n'));

    expect([first.outcomes, second.outcomes]).toEqual([
      ['kernel_module[br-demo]: changed'],
      ['kernel_module[br-demo]: unchanged'],
    ]);
    expect(second.lines[0]?.detail).toBe('br_demo is absent, and cannot be loaded here');
    expect(strict.lines[0]?.outcome).toBe('failed');
    expect(await machine.ssh('cat /etc/modules-load.d/60-bde-br-demo.conf')).toBe('br-demo\n');
  });

  it('mounts what /etc/fstab alone brings back, too', async () => {
    const recipe = '  - mount: /srv/mem\n    device: tmpfs\n    fstype: tmpfs\n    options: size=1m,noexec\n';

    const [first, second] = await twice(recipe);
    await machine.ssh('umount /srv/mem && mount /srv/mem');
    const third = await machine.run(compile(recipe));
    const gone = await machine.run(compile('  - mount: /srv/mem\n    state: absent\n'));

    expect([first.outcomes, second.outcomes, third.outcomes, gone.outcomes].flat()).toEqual([
      'mount[/srv/mem]: changed',
      'mount[/srv/mem]: unchanged',
      'mount[/srv/mem]: unchanged',
      'mount[/srv/mem]: changed',
    ]);
    expect(await machine.ssh('grep -c /srv/mem /proc/mounts /etc/fstab || :')).toBe('/proc/mounts:0\n/etc/fstab:0\n');
  });

  it('lets a user in by its key', async () => {
    const identity = join(machine.world.dataRoot, 'client');
    const key = readFileSync(`${identity}.pub`, 'utf8').trim();

    const [first, second] = await twice(`
  - user: keyed
    home: /home/keyed
    shell: /bin/sh
    password_hash: "*"
  - directory: /home/keyed
    owner: keyed
    group: keyed
  - authorized_key: keyed
    key: ${key}
    options: command="id -un",no-pty
`);
    const trust = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'];
    const options = ['-i', identity, ...trust.flatMap((option) => ['-o', option])];
    const said = spawnSync('ssh', [...options, `keyed@${machine.address}`, 'ls'], { encoding: 'utf8' });

    expect(first.outcomes.at(-1)).toBe('authorized_key[keyed]: changed');
    expect(second.outcomes.at(-1)).toBe('authorized_key[keyed]: unchanged');
    expect(said.stdout).toBe('keyed\n');
  });

  it('lays a unit, starts it, and restarts it when its file or template changes', async () => {
    const word = (text: string) => ({ attributes: { demo: { word: text } } });
    const ordered = DAEMON.replace('  - directory: /srv/demo\n', '');
    const recipe = `  - directory: /srv/demo\n${ordered}`;

    const [first, second] = await twice(recipe, word('one'));
    const changed = await machine.run(compile(recipe, word('two')));
    await machine.ssh('systemctl stop demo');
    const stopped = await machine.run(compile(recipe, word('two')));

    expect(first.outcomes).toEqual([
      'directory[/srv/demo]: changed',
      'template[/etc/demo.conf]: changed',
      'systemd_unit[demo]: changed',
      'service[demo]: changed',
      'wait_for[demo listens]: unchanged',
      'wait_for[demo answers]: unchanged',
      'wait_for[demo answers from outside]: unchanged',
    ]);
    expect(new Set(second.lines.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
    expect(changed.outcomes.filter((line) => line.endsWith(': changed'))).toEqual([
      'template[/etc/demo.conf]: changed',
      'restart service[demo]: changed',
    ]);
    expect(stopped.outcomes.filter((line) => line.endsWith(': changed'))).toEqual(['service[demo]: changed']);
    expect(
      await machine.ssh('cat /srv/demo/word; systemctl is-enabled demo; systemctl show -p NeedDaemonReload demo'),
    ).toBe('two\nenabled\nNeedDaemonReload=no\n');
  });

  it('reads a unit file again that was changed and not yet read', async () => {
    const recipe =
      '  - systemd_unit: late\n    content: |\n      [Service]\n      ExecStart=/bin/sleep {{attributes.word}}\n  - service: late\n';
    const input = (word: string) => ({ attributes: { demo: { word } } });
    await machine.run(compile(recipe, input('1000')));
    const killed = `systemctl() { [ "$1" != daemon-reload ] || kill -9 $$; command systemctl "$@"; }\n${compile(recipe, input('2000'))}`;

    await machine.run(killed);
    const next = await machine.run(compile(recipe, input('2000')));

    expect(next.lines[0]).toMatchObject({ outcome: 'changed', detail: 'systemd has not read it yet' });
    expect(await machine.ssh('systemctl show -p ExecStart late')).toContain('sleep 2000');
  });

  it('says why a service does not start', async () => {
    const { lines } = await machine.run(
      compile(`
  - systemd_unit: broken
    content: |
      [Service]
      Type=notify
      ExecStart=/bin/sh -c "echo the port is taken; exit 3"
  - service: broken
    enabled: false
`),
    );

    expect(lines[1]).toMatchObject({ resource: 'service[broken]', outcome: 'failed' });
    expect(lines[1]?.detail).toContain('the port is taken');
  });

  it('has a certificate trusted, whatever became of the update before', async () => {
    const pem = await machine.ssh(
      'openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -days 2 -subj /CN=demo-ca 2>/dev/null; :',
    );
    await machine.write('/etc/demo-ca.pem', pem);
    const recipe = '  - ca_certificate: demo\n    path: /etc/demo-ca.pem\n';
    await machine.ssh(
      'mkdir /run/fake && echo \'kill -9 "$PPID"\' >/run/fake/update-ca-certificates && chmod 755 /run/fake/*',
    );

    await machine.run(`PATH=/run/fake:$PATH\n${compile(recipe)}`);
    const [first, second] = await twice(recipe);

    expect(first.lines[0]).toMatchObject({ outcome: 'changed', detail: 'not in the bundle' });
    expect(second.outcomes).toEqual(['ca_certificate[demo]: unchanged']);
    expect(await machine.ssh('openssl verify -CAfile /etc/ssl/certs/ca-certificates.crt /etc/demo-ca.pem')).toContain(
      'OK',
    );
  });

  it('runs commands as their user', async () => {
    await machine.run(compile('  - execute: who\n    user: nobody\n    command: id -un >/tmp/who\n'));

    expect(await machine.ssh('cat /tmp/who')).toBe('nobody\n');
  });

  it('changes nothing at all in a check', async () => {
    const everything = `
  - hosts_entries: other
  - user: never
  - sysctl: net.core.somaxconn
    value: "1024"
  - execute: never
    command: touch /srv/never-ran
${DAEMON.replaceAll('demo', 'never')}`;
    const listing =
      'find /etc /srv /var/lib /var/cache /usr/local /root /home -xdev \\( -path /var/lib/bde -prune \\) -o -printf "%p %T@ %C@ %m %u %s\\n" | sort | sha256sum';
    const before = await machine.ssh(listing);

    const { lines } = await machine.run(compile(everything, { attributes: { demo: { word: 'x' } } }), 'check');

    expect(lines.filter(({ outcome }) => outcome === 'would-change')).toHaveLength(8);
    expect(await machine.ssh(listing)).toBe(before);
  });
});

describe('packages on a real machine', () => {
  let machine: ConvergeMachine;
  let repo: RpmRepo;

  setUpMachine(async (made) => {
    machine = made;
    repo = await RpmRepo.startFor(machine);
  });
  afterAll(() => repo.stop());

  const COOKBOOK = recipeCookbook(
    '  - package: alpha\n    notify: run execute[noted]\n  - package: beta\n  - execute: noted\n    notified_only: true\n    command: cat /usr/share/alpha-version >>/root/noted\n',
    {
      'roles/repos.yaml': 'summary: x\nrunList: ["demo::repos"]\n',
      'recipes/repos.yaml': 'resources:\n  - package_repo: bde\n',
    },
  );
  const input = (role: string, versions: Readonly<Record<string, string>>): CompileInput =>
    compileInput({
      role,
      nodes: [nodeView(0, { address: machine.address, roles: ['demo'] })],
      mirror: { url: repo.url, caPath: '/etc/bde/ca.pem', repos: [{ name: 'demo', gpgKeyPath: GPG_KEY }] },
      lockedPackages: Object.fromEntries(
        Object.entries(versions).map(([name, version]) => [name, `${name}-${version}-1.noarch`]),
      ),
    });
  const packages = (versions: Readonly<Record<string, string>>, mode: 'apply' | 'check' = 'apply') =>
    machine.run(compilePackages(input('packages', versions), [COOKBOOK])?.script ?? '', mode);
  const role = (versions: Readonly<Record<string, string>>) =>
    machine.run(compileRun(input('demo', versions), [COOKBOOK]).script);

  it('are laid in one transaction, in the locked versions, and not again', async () => {
    const one = { alpha: '1.0', beta: '1.0' };
    await machine.run(compileRun(input('repos', one), [COOKBOOK]).script);

    const foretold = await packages(one, 'check');
    const first = await packages(one);
    const second = await packages(one);

    expect(foretold.lines[0]).toMatchObject({ outcome: 'would-change', detail: 'alpha, beta' });
    expect(first.lines[0]).toMatchObject({ resource: 'packages[node]', outcome: 'changed' });
    expect(second.outcomes).toEqual(['packages[node]: unchanged']);
    expect(await machine.ssh('rpm -q alpha beta')).toBe('alpha-1.0-1.noarch\nbeta-1.0-1.noarch\n');
  });

  it('go up and down to the locked version, and tell who waits for it', async () => {
    await role({ alpha: '1.0', beta: '1.0' });
    await repo.add('alpha', '2.0');

    await packages({ alpha: '2.0', beta: '1.0' });
    const up = await role({ alpha: '2.0', beta: '1.0' });
    await packages({ alpha: '1.0', beta: '1.0' });
    const down = await role({ alpha: '1.0', beta: '1.0' });

    expect(up.lines[0]).toMatchObject({ outcome: 'changed', detail: '0:1.0-1.noarch before, 0:2.0-1.noarch now' });
    expect(up.outcomes.at(-1)).toBe('run execute[noted]: changed');
    expect(down.outcomes.at(-1)).toBe('run execute[noted]: changed');
    expect(await machine.ssh('cat /root/noted')).toBe('1.0\n2.0\n1.0\n');
  });

  it('are refused where they are not signed, with what dnf says', async () => {
    await repo.add('beta', '3.0', { signed: false });

    const { lines } = await packages({ alpha: '1.0', beta: '3.0' });

    expect(lines[0]).toMatchObject({ outcome: 'failed' });
    expect(lines[0]?.detail).toMatch(/not signed|GPG check FAILED/);
    expect(await machine.ssh('rpm -q beta')).toBe('beta-1.0-1.noarch\n');
  });

  it('fail with the name of what no repo has', async () => {
    const { lines } = await packages({ alpha: '9.9', beta: '1.0' });

    expect(lines[0]?.detail).toContain('alpha-9.9-1.noarch');
  });
});
