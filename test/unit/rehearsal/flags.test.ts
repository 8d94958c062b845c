import { describe, expect, it } from 'vitest';
import { checkFlags } from './rehearse.js';

const MASTER_PAGE = 'https://mesos.apache.org/documentation/latest/configuration/master/';
const COMMON_PAGE = 'https://mesos.apache.org/documentation/latest/configuration/master-and-agent/';
const MASTER = ['--zk=zk://10.0.0.1:2181,10.0.0.2:2181/mesos', '--work_dir=/var/lib/mesos'];

describe('flags of a rehearsed daemon', () => {
  it('takes typed values and fills in defaults', () => {
    const { flags } = checkFlags('mesos/mesos-master', { args: [...MASTER, '--quorum=2', '--no-hostname_lookup'] });

    expect(flags).toMatchObject({
      quorum: 2,
      port: 5050,
      hostname_lookup: false,
      zk_session_timeout: 10,
      zk: { servers: '10.0.0.1:2181,10.0.0.2:2181', path: '/mesos', url: 'zk://10.0.0.1:2181,10.0.0.2:2181/mesos' },
    });
  });

  it('takes a deprecated name for the flag it stands for', () => {
    const { flags } = checkFlags('mesos/mesos-master', {
      args: [...MASTER, '--quorum=1', '--slave_ping_timeout=20secs'],
    });

    expect(flags['agent_ping_timeout']).toBe(20);
  });

  it('keeps credentials of a ZooKeeper URL out of what it shows', () => {
    const args = ['--zk=zk://bde:hidden@10.0.0.1:2181/mesos', '--work_dir=/var/lib/mesos', '--quorum=1'];

    const { flags } = checkFlags('mesos/mesos-master', { args });

    expect(flags['zk']).toMatchObject({ url: 'zk://10.0.0.1:2181/mesos', credentials: 'bde:hidden' });
  });

  const refused: readonly (readonly [string, string, readonly string[], string])[] = [
    [
      'an unknown flag with the nearest one',
      'mesos/mesos-master',
      ['--quorumm=2'],
      `unknown flag 'quorumm' on the command line, did you mean 'quorum'? (${COMMON_PAGE}, ${MASTER_PAGE})`,
    ],
    [
      'a value of the wrong type',
      'mesos/mesos-master',
      [...MASTER, '--quorum=two'],
      `flag 'quorum' on the command line: 'two' is not an integer (${MASTER_PAGE})`,
    ],
    [
      'a quorum of nobody',
      'mesos/mesos-master',
      [...MASTER, '--quorum=0'],
      `flag 'quorum' on the command line: 0 is less than 1 (${MASTER_PAGE})`,
    ],
    [
      'a value that is not allowed',
      'mesos/mesos-master',
      [...MASTER, '--quorum=1', '--logging_level=LOUD'],
      `flag 'logging_level' on the command line: 'LOUD' is not one of INFO, WARNING, ERROR (${COMMON_PAGE})`,
    ],
    ['a missing quorum', 'mesos/mesos-master', MASTER, '--quorum is needed for the replicated log when --zk is given'],
    [
      'a missing work folder',
      'mesos/mesos-master',
      ['--quorum=1'],
      '--work_dir is needed for the registry, which is a replicated log',
    ],
    [
      'a flag that is given twice',
      'mesos/mesos-master',
      [...MASTER, '--quorum=1', '--quorum=2'],
      "flag 'quorum' is given twice: on the command line and on the command line",
    ],
    [
      'a flag without its value',
      'mesos/mesos-master',
      [...MASTER, '--quorum'],
      `flag 'quorum' on the command line has no value (${MASTER_PAGE})`,
    ],
    [
      'a negated flag that takes a value',
      'mesos/mesos-master',
      [...MASTER, '--no-quorum'],
      `flag 'quorum' takes a value, it has no form 'no-quorum' (${MASTER_PAGE})`,
    ],
    [
      'a ZooKeeper URL without its scheme',
      'mesos/mesos-master',
      ['--zk=10.0.0.1:2181/mesos', '--quorum=1', '--work_dir=/x'],
      `flag 'zk' on the command line: '10.0.0.1:2181/mesos' is no ZooKeeper URL: expecting 'zk://' at the beginning, ` +
        `as in zk://host1:2181,host2:2181/path (${MASTER_PAGE})`,
    ],
    [
      'a ZooKeeper URL with an empty server',
      'mesos/mesos-master',
      ['--zk=zk://10.0.0.1:2181,/mesos', '--quorum=1', '--work_dir=/x'],
      `flag 'zk' on the command line: 'zk://10.0.0.1:2181,/mesos' is no ZooKeeper server list: '' is not host:port ` +
        `(${MASTER_PAGE})`,
    ],
    [
      'a ZooKeeper URL with an impossible port',
      'mesos/mesos-master',
      ['--zk=zk://10.0.0.1:99999/mesos', '--quorum=1', '--work_dir=/x'],
      `flag 'zk' on the command line: 'zk://10.0.0.1:99999/mesos' is no ZooKeeper server list: ` +
        `port 99999 is not between 1 and 65535 (${MASTER_PAGE})`,
    ],
    [
      'a file that holds the value and is not there',
      'mesos/mesos-master',
      ['--zk=file:///nowhere/zk', '--quorum=1', '--work_dir=/x'],
      `flag 'zk' on the command line: cannot read /nowhere/zk: No such file or directory (${MASTER_PAGE})`,
    ],
    [
      'a duration without a unit',
      'mesos/mesos-master',
      [...MASTER, '--quorum=1', '--zk_session_timeout=10'],
      `flag 'zk_session_timeout' on the command line: '10' is not a duration: expecting a number and one of ` +
        `ns, us, ms, secs, mins, hrs, days, weeks, as in 10secs (${COMMON_PAGE})`,
    ],
    ['an agent without a master', 'mesos/mesos-agent', ['--work_dir=/x'], '--master is needed'],
    [
      'an agent without a work folder',
      'mesos/mesos-agent',
      ['--master=10.0.0.1:5050'],
      "flag 'work_dir' is required, but was not given (https://mesos.apache.org/documentation/latest/configuration/agent/)",
    ],
    [
      'marathon without a master',
      'marathon/marathon',
      [],
      "flag 'master' is required, but was not given (https://mesosphere.github.io/marathon/docs/command-line-flags.html)",
    ],
    [
      'chronos with servers that have no port number',
      'chronos/chronos',
      ['--master', 'zk://10.0.0.1:2181/mesos', '--zk_hosts', '10.0.0.1:zk'],
      "flag 'zk_hosts' on the command line: '10.0.0.1:zk' is no ZooKeeper server list: '10.0.0.1:zk' is not host:port " +
        '(https://mesos.github.io/chronos/docs/configuration.html)',
    ],
    ['a word that is no flag', 'mesos/mesos-master', ['start'], "unexpected argument 'start': flags begin with --"],
  ];

  it.each(refused)('refuses %s with one line', (_what, profile, args, reason) => {
    const { exitCode, refusal } = checkFlags(profile, { args });

    const program = profile.split('/')[1];
    expect(exitCode).toBe(1);
    expect(refusal).toBe(`${String(program)} (rehearsal): ends: ${reason}`);
  });

  it('takes values apart from their flags where the real one does', () => {
    const args = ['--master', 'zk://10.0.0.1:2181/mesos', '--zk_hosts', 'zk://10.0.0.1:2181,10.0.0.2:2181/mesos'];

    const { flags } = checkFlags('chronos/chronos', { args });

    expect(flags).toMatchObject({
      zk_hosts: '10.0.0.1:2181,10.0.0.2:2181',
      zk_path: '/chronos/state',
      http_port: 8080,
    });
  });

  it('switches a toggle off by its own prefix', () => {
    const { flags } = checkFlags('marathon/marathon', { args: ['--disable_ha', '--master', 'http://10.0.0.1:5050'] });

    expect(flags).toMatchObject({ ha: false, master: { address: '10.0.0.1:5050' } });
  });
});
