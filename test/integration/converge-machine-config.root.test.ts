import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compileRun } from '../../src/cookbook/compile-run.js';
import { compileInput, makeCookbook, nodeView } from '../unit/cookbook/cookbook-support.js';
import { setUpMachine, type ConvergeMachine } from './converge-machine.js';

const exec = promisify(execFile);

describe('settings of the system on a real machine', () => {
  let machine: ConvergeMachine;

  setUpMachine((made) => {
    machine = made;
  });

  const compile = (resources: string) => {
    const cookbook = makeCookbook('demo', {
      'roles/demo.yaml': 'summary: x\nrunList: ["demo::main"]\nports: [{ name: http, port: 8080 }]\n',
      'recipes/main.yaml': `resources:\n${resources}`,
    });
    return compileRun(compileInput({ nodes: [nodeView(0, { address: machine.address })] }), [cookbook]).script;
  };
  const apply = (resources: string) => machine.run(compile(resources));
  const check = (resources: string) => machine.run(compile(resources), 'check');
  /** What a check foretells, and what two runs then do, for each resource. */
  const thrice = async (resources: string) => {
    const runs = [await check(resources), await apply(resources), await apply(resources)];
    return runs.map(({ lines }) => lines.map(({ outcome }) => outcome));
  };

  it('has the name that it is given', async () => {
    const outcomes = await thrice('  - hostname: web-1.example.org\n');

    expect(outcomes).toEqual([['would-change'], ['changed'], ['unchanged']]);
    expect(await machine.ssh('cat /etc/hostname; uname -n')).toBe('web-1.example.org\nweb-1.example.org\n');
  });

  const TIMER = `
  - timer: sweep
    on_calendar: "*-*-* 03:00:00"
    user: nobody
    command: |
      for word in "100%" '$HOME' "a\\\\b"; do
        printf '%s\\n' "$word" >>/tmp/swept
      done
`;

  it('runs by a timer what its command says, as its user', async () => {
    const outcomes = await thrice(TIMER);
    await machine.ssh('systemctl start sweep.service');

    expect(outcomes).toEqual([['would-change'], ['changed'], ['unchanged']]);
    expect(await machine.ssh('cat /tmp/swept; stat -c %U /tmp/swept')).toBe('100%\n$HOME\na\\b\nnobody\n');
    expect(await machine.ssh('systemctl is-enabled sweep.timer; systemctl is-active sweep.timer')).toBe(
      'enabled\nactive\n',
    );
  });

  it('has a running timer go off at its new moment, without a restart', async () => {
    const started = await machine.ssh('systemctl show -p ActiveEnterTimestampMonotonic sweep.timer');
    const moved = TIMER.replace('03:00', '04:30');

    const outcomes = await thrice(moved);

    expect(outcomes).toEqual([['would-change'], ['changed'], ['unchanged']]);
    expect(await machine.ssh('systemctl show -p NextElapseUSecRealtime sweep.timer')).toContain('04:30:00');
    expect(await machine.ssh('systemctl show -p ActiveEnterTimestampMonotonic sweep.timer')).toBe(started);
  });

  it('refuses a moment that systemd does not know, before it writes anything', async () => {
    const { lines } = await apply('  - timer: never\n    on_calendar: someday\n    command: "true"\n');

    expect(lines[0]).toMatchObject({ outcome: 'failed' });
    expect(lines[0]?.detail).toContain('on_calendar someday');
    expect(await machine.ssh('ls /etc/systemd/system/never.timer 2>&1 || :')).toContain('No such file');
  });

  it('loses a timer with all that belongs to it', async () => {
    const outcomes = await thrice('  - timer: sweep\n    state: absent\n');

    expect(outcomes).toEqual([['would-change'], ['changed'], ['unchanged']]);
    expect(await machine.ssh('systemctl show -p LoadState,ActiveState sweep.timer')).toBe(
      'LoadState=not-found\nActiveState=inactive\n',
    );
    expect(
      await machine.ssh('ls -d /etc/systemd/system/*sweep* /etc/systemd/system/*/*sweep* 2>&1 || :'),
    ).not.toContain('sweep.');
  });

  const WEB = `
  - systemd_unit: web
    content: |
      [Service]
      ExecStart=/usr/bin/python3 -m http.server 8080 --directory /usr/share
      [Install]
      WantedBy=multi-user.target
    notify: restart service[web]
  - systemd_unit: web
    drop_in: limits
    content: |
      [Service]
      LimitNOFILE=WORD
    notify: restart service[web]
  - service: web
  - wait_for: web is up
    service: web
    timeout_seconds: 30
  - wait_for: web listens
    port: 8080
    timeout_seconds: 30
`;

  it('starts a service with its drop-in, and restarts it for another one', async () => {
    const first = await apply(WEB.replace('WORD', '4096'));
    const second = await apply(WEB.replace('WORD', '4096'));
    const changed = await apply(WEB.replace('WORD', '8192'));

    expect(first.outcomes).toEqual([
      'systemd_unit[web]: changed',
      'systemd_unit[web.service.d/limits.conf]: changed',
      'service[web]: changed',
      'wait_for[web is up]: unchanged',
      'wait_for[web listens]: unchanged',
    ]);
    expect(new Set(second.lines.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
    expect(changed.outcomes.filter((line) => line.endsWith(': changed'))).toEqual([
      'systemd_unit[web.service.d/limits.conf]: changed',
      'restart service[web]: changed',
    ]);
    expect(await machine.ssh('systemctl show -p LimitNOFILE,NeedDaemonReload web')).toBe(
      'LimitNOFILE=8192\nNeedDaemonReload=no\n',
    );
  });

  /** Whether this host gets an answer from the machine's port. */
  const answers = async (port: number): Promise<boolean> => {
    const url = `telnet://${machine.address}:${String(port)}`;
    const probe = `curl -s -m 1 --connect-timeout 1 -w '%{time_connect}' ${url} </dev/null || :`;
    return /[1-9]/.test((await exec('sh', ['-c', probe])).stdout);
  };

  it('has a firewall for real packets, that ssh goes through and that is there after a boot', async () => {
    await machine.ssh('systemd-run -q --unit other /usr/bin/python3 -m http.server 9999 --directory /usr/share');
    await machine.ssh('until ss -Hltn "sport = 9999" | grep -q .; do :; done');
    const before = [await answers(8080), await answers(9999)];

    const outcomes = await thrice('  - firewall: node\n');
    const after = [await answers(8080), await answers(9999)];
    await machine.ssh('nft delete table inet bde_node');
    const drifted = await answers(9999);
    await machine.ssh('systemctl start bde-firewall-node');

    expect(before).toEqual([true, true]);
    expect(outcomes).toEqual([['would-change'], ['changed'], ['unchanged']]);
    expect(after).toEqual([true, false]);
    expect([drifted, await answers(9999)]).toEqual([true, false]);
    expect(await thrice('  - firewall: node\n')).toEqual([['unchanged'], ['unchanged'], ['unchanged']]);
  });

  it('loses its firewall without a trace', async () => {
    const outcomes = await thrice('  - firewall: node\n    state: absent\n');

    expect(outcomes).toEqual([['would-change'], ['changed'], ['unchanged']]);
    expect(await answers(9999)).toBe(true);
    expect(await machine.ssh('nft list tables; systemctl show -p LoadState bde-firewall-node')).toBe(
      'LoadState=not-found\n',
    );
  });

  it('masks a service, so that nothing starts it, and unmasks it', async () => {
    const outcomes = await thrice('  - service: systemd-tmpfiles-clean.timer\n    state: masked\n');
    const start = await machine.ssh('systemctl start systemd-tmpfiles-clean.timer 2>&1 || :');
    const wanted = await thrice('  - service: systemd-tmpfiles-clean.timer\n');

    expect(outcomes).toEqual([['would-change'], ['changed'], ['unchanged']]);
    expect(start).toContain('masked');
    expect(wanted).toEqual([['would-change'], ['changed'], ['unchanged']]);
  });

  it('stops and removes a unit, its drop-in and its links', async () => {
    const gone =
      '  - systemd_unit: web\n    drop_in: limits\n    state: absent\n  - systemd_unit: web\n    state: absent\n';

    const outcomes = await thrice(gone);

    expect(outcomes).toEqual([
      ['would-change', 'would-change'],
      ['changed', 'changed'],
      ['unchanged', 'unchanged'],
    ]);
    expect(await answers(8080)).toBe(false);
    expect(await machine.ssh('systemctl show -p LoadState,ActiveState web; find /etc/systemd -name "web.*"')).toBe(
      'LoadState=not-found\nActiveState=inactive\n',
    );
  });

  it('reads again that a unit is gone, where a kill came before it did', async () => {
    const unit =
      '  - systemd_unit: late\n    content: |\n      [Service]\n      ExecStart=/bin/sleep 1000\n  - service: late\n    enabled: false\n';
    await apply(unit);
    await machine.ssh('rm /etc/systemd/system/late.service');

    const outcomes = await thrice('  - systemd_unit: late\n    state: absent\n');

    expect(outcomes).toEqual([['would-change'], ['changed'], ['unchanged']]);
  });
});
