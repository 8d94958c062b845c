import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { checkFlags, folderWith, type Checked } from './rehearse.js';

const URL_OF_ALL = 'zk://10.0.0.1:2181,10.0.0.2:2181/mesos';

describe('settings as the launchers of the packages gather them', () => {
  const folders: string[] = [];

  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function check(
    profile: string,
    launcher: string,
    files: Readonly<Record<string, string>>,
    environment: Readonly<Record<string, string>> = {},
  ): Checked {
    const root = folderWith(files);
    folders.push(root);
    return checkFlags(profile, { launcher, root, environment });
  }

  it('reads shell variables and one file per flag', () => {
    const { flags } = check('mesos/mesos-master', 'init-wrapper', {
      'etc/default/mesos': 'LOGS=/var/log/mesos\n',
      'etc/default/mesos-master': `PORT=5050\nZK=\`echo ${URL_OF_ALL}\`\n`,
      'etc/mesos-master/quorum': '2\n',
      'etc/mesos-master/work_dir': '/var/lib/mesos\n',
      'etc/mesos-master/?no-hostname_lookup': '',
    });

    expect(flags).toMatchObject({
      quorum: 2,
      log_dir: '/var/log/mesos',
      hostname_lookup: false,
      zk: { path: '/mesos' },
    });
  });

  it('refuses a flag that a variable and a file both set', () => {
    const { refusal } = check('mesos/mesos-master', 'init-wrapper', {
      'etc/default/mesos-master': 'PORT=5050\n',
      'etc/mesos-master/port': '5050\n',
    });

    expect(refusal).toBe(
      "mesos-master (rehearsal): ends: flag 'port' is given twice: by PORT in /etc/default/mesos-master and " +
        'in /etc/mesos-master/port',
    );
  });

  it('ends where a file that the variables need is missing', () => {
    const { refusal } = check('mesos/mesos-master', 'init-wrapper', {
      'etc/default/mesos-master': 'ZK=`cat /nowhere/zk`\n',
    });

    expect(refusal).toBe(
      'mesos-master (rehearsal): ends: /etc/default/mesos-master cannot be read as shell variables: ' +
        'cat: /nowhere/zk: No such file or directory',
    );
  });

  it('joins attributes and resources of an agent from their folders', () => {
    const { flags } = check('mesos/mesos-agent', 'init-wrapper-slave', {
      'etc/default/mesos-slave': `MASTER=${URL_OF_ALL}\n`,
      'etc/mesos-slave/work_dir': '/var/lib/mesos',
      'etc/mesos-slave/attributes/rack': 'north\n',
      'etc/mesos-slave/attributes/zone': 'a\n',
      'etc/mesos-slave/resources/cpus': '2\n',
    });

    expect(flags).toMatchObject({ attributes: 'rack:north;zone:a', resources: 'cpus:2', master: { path: '/mesos' } });
  });

  it('leaves out what package managers left behind', () => {
    const { exitCode } = check('mesos/mesos-agent', 'init-wrapper-agent', {
      'etc/default/mesos-agent': `MASTER=${URL_OF_ALL}\n`,
      'etc/mesos-agent/work_dir': '/var/lib/mesos',
      'etc/mesos-agent/work_dir.rpmnew': '/tmp/mesos',
    });

    expect(exitCode).toBe(0);
  });

  it('prefers the command line to the environment', () => {
    const environment = { MESOS_QUORUM: '3', MESOS_WORK_DIR: '/var/lib/mesos', MESOS_SOMETHING_ELSE: 'x' };

    const { flags } = check('mesos/mesos-master', 'init-wrapper', { 'etc/mesos-master/quorum': '2' }, environment);

    expect(flags).toMatchObject({ quorum: 2, work_dir: '/var/lib/mesos' });
  });

  it('refuses a variable in a file that is no flag', () => {
    const { refusal } = check('mesos/mesos-master', 'init-wrapper', {
      'etc/default/mesos-master': `ZK=${URL_OF_ALL}\nMESOS_QUORUMM=2\n`,
    });

    expect(refusal).toContain(
      "unknown flag 'quorumm' by MESOS_QUORUMM in /etc/default/mesos-master, did you mean 'quorum'?",
    );
  });

  it('takes every variable of marathon for a flag', () => {
    const environment = { MARATHON_MASTER: URL_OF_ALL, MARATHON_DISABLE_HA: '', MARATHON_APP_ID: '/outer' };

    const { flags } = check('marathon/marathon', 'direct', {}, environment);

    expect(flags).toMatchObject({ ha: false, master: { url: URL_OF_ALL } });
  });

  it('refuses a variable of marathon that is no flag', () => {
    const { refusal } = check('marathon/marathon', 'direct', {}, { MARATHON_MASTRE: URL_OF_ALL });

    expect(refusal).toBe(
      "marathon (rehearsal): ends: unknown flag 'mastre' by MARATHON_MASTRE in the environment, did you mean 'master'? " +
        '(https://mesosphere.github.io/marathon/docs/command-line-flags.html)',
    );
  });

  it('falls back to the common file for chronos', () => {
    const { flags } = check('chronos/chronos', 'direct', {
      'etc/chronos/conf/http_port': '4400\n',
      'etc/mesos/zk': `${URL_OF_ALL}\n`,
    });

    expect(flags).toMatchObject({
      http_port: 4400,
      zk_hosts: '10.0.0.1:2181,10.0.0.2:2181',
      master: { url: URL_OF_ALL },
    });
  });

  it('refuses a flag of chronos in both of its places', () => {
    const { refusal } = check('chronos/chronos', 'direct', {
      'etc/chronos/conf/http_port': '4400\n',
      'etc/default/chronos': 'CHRONOS_HTTP_PORT=4400\n',
      'etc/mesos/zk': `${URL_OF_ALL}\n`,
    });

    expect(refusal).toBe(
      "chronos (rehearsal): ends: flag 'http_port' is given twice: in /etc/chronos/conf/http_port and " +
        'by CHRONOS_HTTP_PORT in /etc/default/chronos',
    );
  });
});
