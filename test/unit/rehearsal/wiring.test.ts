import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { checkAttributes } from '../../../src/cookbook/check-attributes.js';
import { compileProbe } from '../../../src/cookbook/compile-probe.js';
import { resolveRun } from '../../../src/cookbook/resolve-run.js';
import type { Attributes } from '../../../src/cookbook/types.js';
import { checkFlags, folderWith, type Checked } from './rehearse.js';
import { filesLaid, inputFor, nodeWith, shippedCookbooks } from './shipped-cookbooks.js';

const COOKBOOKS = shippedCookbooks(['mesos', 'marathon', 'chronos']);
const MASTER_ROLES = ['zookeeper', 'mesos_master', 'mesos_marathon', 'mesos_chronos'];
const MASTERS = [1, 2, 3].map((ordinal) => nodeWith(ordinal, MASTER_ROLES));
const AGENTS = [4, 5].map((ordinal) => nodeWith(ordinal, ['mesos_slave']));
const NODES = [...MASTERS, ...AGENTS];
const ENSEMBLE = '10.0.0.1:2181,10.0.0.2:2181,10.0.0.3:2181';

describe('files that the cookbooks lay for rehearsed daemons', () => {
  const folders: string[] = [];

  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function laid(role: string, attributes: Attributes = {}): Readonly<Record<string, string>> {
    const node = role === 'mesos_slave' ? AGENTS[0] : MASTERS[1];
    return filesLaid(inputFor(COOKBOOKS, { nodes: NODES, node: node ?? nodeWith(9, []), role, attributes }), COOKBOOKS);
  }

  function check(profile: string, launcher: string, files: Readonly<Record<string, string>>): Checked {
    const root = folderWith(files);
    folders.push(root);
    return checkFlags(profile, { launcher, root, environment: variablesOf(files['/etc/default/marathon'] ?? '') });
  }

  /** What systemd makes of an EnvironmentFile. */
  function variablesOf(text: string): Readonly<Record<string, string>> {
    const pairs = [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [
      name,
      String(value).replace(/^'(.*)'$/, '$1'),
    ]);
    return Object.fromEntries(pairs) as Record<string, string>;
  }

  it('give a master its quorum, its place and its address', () => {
    const { flags, refusal } = check('mesos/mesos-master', 'init-wrapper', laid('mesos_master'));

    expect(refusal).toBe('');
    expect(flags).toMatchObject({
      quorum: 2,
      work_dir: '/var/lib/mesos',
      ip: '10.0.0.2',
      hostname: '10.0.0.2',
      port: 5050,
      cluster: "people's cluster",
      zk: { url: `zk://${ENSEMBLE}/mesos` },
    });
  });

  it('give an agent its masters, attributes and further flags', () => {
    const files = laid('mesos_slave', {
      mesos: { agentAttributes: { rack: 'r1', zone: 'b' }, agentFlags: { resources: 'cpus:4' } },
    });

    const { flags, refusal } = check('mesos/mesos-agent', 'init-wrapper-slave', files);

    expect(refusal).toBe('');
    expect(flags).toMatchObject({
      master: { url: `zk://${ENSEMBLE}/mesos` },
      work_dir: '/var/lib/mesos',
      ip: '10.0.0.4',
      attributes: 'rack:r1;zone:b',
      resources: 'cpus:4',
      isolation: 'posix/cpu,posix/mem',
    });
  });

  it('leave attributes of an agent out where there are none', () => {
    const { flags, refusal } = check('mesos/mesos-agent', 'init-wrapper-slave', laid('mesos_slave'));

    expect(refusal).toBe('');
    expect(flags['attributes']).toBeNull();
  });

  it('give marathon its master and its own place', () => {
    const { flags, refusal } = check(
      'marathon/marathon',
      'direct',
      laid('mesos_marathon', { marathon: { flags: { max_apps: '5' } } }),
    );

    expect(refusal).toBe('');
    expect(flags).toMatchObject({
      master: { url: `zk://${ENSEMBLE}/mesos` },
      zk: { url: `zk://${ENSEMBLE}/marathon` },
      hostname: '10.0.0.2',
      mesos_user: 'root',
      max_apps: 5,
    });
  });

  it('give chronos its master and its servers', () => {
    const { flags, refusal } = check(
      'chronos/chronos',
      'direct',
      laid('mesos_chronos', { chronos: { flags: { failure_retry: '30000' } } }),
    );

    expect(refusal).toBe('');
    expect(flags).toMatchObject({
      master: { url: `zk://${ENSEMBLE}/mesos` },
      zk_hosts: ENSEMBLE,
      hostname: '10.0.0.2',
      http_port: 4400,
      failure_retry: 30000,
    });
  });

  it('name the flag that an attribute misspelt', () => {
    const files = laid('mesos_master', { mesos: { masterFlags: { ofer_timeout: '10secs' } } });

    const { refusal } = check('mesos/mesos-master', 'init-wrapper', files);

    expect(refusal).toContain("unknown flag 'ofer_timeout' by MESOS_OFER_TIMEOUT in /etc/default/mesos-master");
    expect(refusal).toContain("did you mean 'offer_timeout'?");
  });

  it.each(['/tmp/mesos', '/var/tmp/mesos', '/run/mesos', 'relative'])('never put the work folder at %s', (workDir) => {
    const problems = checkAttributes(COOKBOOKS, { mesos: { workDir } });

    expect(problems.map(({ path }) => path)).toEqual([['mesos', 'workDir']]);
  });

  it.each([
    ['mesos_master', ['mesos-slave']],
    ['mesos_marathon', ['mesos-slave']],
  ])('put to rest on a node with %s what it does not play', (role, resting) => {
    const input = inputFor(COOKBOOKS, { nodes: NODES, node: MASTERS[0] ?? nodeWith(9, []), role });

    const stopped = resolveRun(input, COOKBOOKS).resources.filter(({ call }) => call.parameters['state'] === 'stopped');

    expect(stopped.map(({ id }) => id)).toEqual(resting.map((name) => `service[${name}]`));
  });

  it('count in the acceptance probe the agents of the cluster', () => {
    const input = inputFor(COOKBOOKS, { nodes: NODES, node: AGENTS[0] ?? nodeWith(9, []), role: 'mesos_slave' });

    const probe = compileProbe(input, COOKBOOKS, 'acceptance');

    expect(probe?.text).toContain('= 2 ] && exit 0');
    expect(probe?.text).toContain('for master in 10.0.0.1 ');
  });
});
