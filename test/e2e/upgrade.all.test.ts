import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeDescription } from '../../src/cli/services/describe-cluster.js';
import { execEverywhere, showCluster } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { addNextVersion } from './support/next-versions.js';
import { buildProject, type Project } from './support/project.js';
import { until } from './support/until.js';
import { hasTwoLeaders, living, startLoad, type ZooKeeperLoad } from './support/zookeeper-load.js';

const REPOS = ['java', 'zookeeper'];

describe('a ZooKeeper cluster that is upgraded with writes going on', () => {
  let project: Project;
  let home: Home;
  let load: ZooKeeperLoad;
  let version: string;

  beforeAll(async () => {
    project = await buildProject();
    await addNextVersion(
      project,
      { name: 'zookeeper', version: '3.9', repos: REPOS },
      { repo: 'zookeeper', version: '3.9.1' },
    );
    // Its servers do not start: what they need is left out.
    const edits = [["          - 'usr/share/java/zookeeper-jute*.jar'\n", '']] as const;
    const broken = { repo: 'zookeeper', version: '3.10.0', edits };
    await addNextVersion(project, { name: 'zookeeper', version: '3.10', repos: REPOS }, broken);
    home = await newHome(project);
    await home.json(['cluster', 'create', 'zk', '--spec', 'zookeeper/basic', '--distro', 'zookeeper@3.8']);
    const addresses = (await nodes()).map(({ address }) => address);
    load = await startLoad(home, addresses);
    await load.watch(addresses);
    await until('the first writes', async () => (await load.acknowledged()) > 20);
    version = (await versions())[0] ?? '';
  });

  afterAll(async () => {
    await home.dispose();
    await project.remove();
  });

  async function nodes(): Promise<readonly NodeDescription[]> {
    return (await showCluster(home, 'zk')).nodes;
  }

  async function writesGoOn(): Promise<void> {
    const before = await load.acknowledged();
    await until('writes go on', async () => (await load.acknowledged()) > before + 20);
  }

  /** Of the installed package, by node. */
  async function versions(): Promise<readonly string[]> {
    return Object.values(await execEverywhere(home, 'zk', ['rpm', '-q', '--qf', '%{version}', 'zookeeper']));
  }

  async function leader(): Promise<string | undefined> {
    const said = await execEverywhere(home, 'zk', [
      'sh',
      '-c',
      'printf srvr | curl -s -m 5 telnet://127.0.0.1:2181; true',
    ]);
    return Object.keys(said).find((node) => said[node]?.includes('Mode: leader'));
  }

  /** The members of the last operation in the order in which their packages came. */
  async function order(): Promise<readonly string[]> {
    const { events } = await home.json<{ events: readonly { text: string }[] }>(['cluster', 'events', 'zk']);
    return events.flatMap(({ text }) => /^packages\/(\S+) done$/.exec(text)?.[1] ?? []);
  }

  it('shows in a plan what comes before packages are known, and the roll with what is known then', async () => {
    const argv = ['cluster', 'upgrade', 'zk', '--distro', 'zookeeper@3.9', '--plan'];

    const planned = await home.run(argv);

    expect(planned.exitCode, planned.stderr).toBe(0);
    expect(planned.stdout).toMatch(/^First, what all clusters of this home share .*\nSTEP .*\nprepare\/network /);
    expect(planned.stdout).toMatch(/^prepare\/repo\/zookeeper-3-9 /m);
    const rolled = planned.stdout.slice(planned.stdout.indexOf('Then the cluster:'));
    expect(rolled).toMatch(/^roll\/zookeeper .* 3 of 3 members change; at most 1 at once, 2 of 3 answer/m);
    expect(rolled).toMatch(/^ *packages\/zk-zookeeper-0 +\(known after prepare\) /m);
    expect(rolled).toMatch(/^ *converge\/zk-zookeeper-0\/zookeeper +\(known after prepare\) /m);
    expect(await versions()).toEqual([version, version, version]);
  });

  it('brings the next version member by member, the leader last', async () => {
    const led = await until('a leader', leader);
    const before = await order();

    await home.json(['cluster', 'upgrade', 'zk', '--distro', 'zookeeper@3.9', '--yes']);

    expect(await versions()).toEqual(['3.9.1', '3.9.1', '3.9.1']);
    const now = (await order()).slice(before.length);
    expect(now).toHaveLength(3);
    expect(now.at(-1)).toBe(led);
    expect((await showCluster(home, 'zk')).state).toBe('RUNNING');
  });

  it('goes back to the version before', async () => {
    await home.json(['cluster', 'upgrade', 'zk', '--rollback', '--yes']);

    expect(await versions()).toEqual([version, version, version]);
    expect((await showCluster(home, 'zk')).state).toBe('RUNNING');
  });

  it('stops after the first member where the version does not serve, and the others stay', async () => {
    const argv = ['cluster', 'upgrade', 'zk', '--distro', 'zookeeper@3.10', '--yes', '--no-rollback'];
    const upgraded = await home.run(argv);

    expect(upgraded.exitCode, upgraded.stderr).toBe(7);
    expect((await versions()).filter((each) => each === '3.10.0')).toHaveLength(1);
    expect((await versions()).filter((each) => each === version)).toHaveLength(2);
    expect((await showCluster(home, 'zk')).state).toBe('DEGRADED');
    await writesGoOn();
  });

  it('is whole again after a rollback', async () => {
    await home.json(['cluster', 'upgrade', 'zk', '--rollback', '--yes']);

    expect(await versions()).toEqual([version, version, version]);
    const { healthy } = await home.json<{ healthy: boolean }>(['cluster', 'status', 'zk']);
    expect(healthy).toBe(true);
  });

  it('goes back by itself where a version does not serve, to the packages before', async () => {
    const upgraded = await home.run(['cluster', 'upgrade', 'zk', '--distro', 'zookeeper@3.10', '--yes']);

    expect(upgraded.exitCode, upgraded.stderr).toBe(7);
    expect(upgraded.stderr).toMatch(
      /then: +Operation \w+ rolled back 3 nodes \(zk-zookeeper-0, zk-zookeeper-1, zk-zookeeper-2\): the cluster is as before/,
    );
    expect(await versions()).toEqual([version, version, version]);
    expect((await showCluster(home, 'zk')).state).toBe('RUNNING');
    await writesGoOn();
  });

  it('stops after the first member where a setting is bad, and takes it back there and nowhere else', async () => {
    const heap = 'configuration.zookeeper.heapMiB=999999999';
    const started = ['systemctl', 'show', '-p', 'ActiveEnterTimestampMonotonic', 'zookeeper'];
    const before = await execEverywhere(home, 'zk', started);

    const configured = await home.run(['cluster', 'config', 'zk', '--set', heap, '--yes']);

    expect(configured.exitCode, configured.stderr).toBe(7);
    expect(configured.stderr).toContain('next:   Give another value: bde cluster config zk --set PATH=VALUE');
    const after = await execEverywhere(home, 'zk', started);
    expect(Object.keys(before).filter((node) => before[node] !== after[node])).toHaveLength(1);
    const units = await execEverywhere(home, 'zk', ['systemctl', 'cat', 'zookeeper']);
    expect(Object.values(units).filter((text) => text.includes('-Xmx999999999m'))).toEqual([]);
    const { healthy } = await home.json<{ healthy: boolean }>(['cluster', 'status', 'zk']);
    expect(healthy).toBe(true);
    await writesGoOn();
  });

  it('mends what was changed by hand on all members, one at a time', async () => {
    await execEverywhere(home, 'zk', ['sh', '-c', 'echo "#" >>/etc/zookeeper/conf/zoo.cfg']);

    await home.json(['cluster', 'converge', 'zk']);

    const configs = await execEverywhere(home, 'zk', ['cat', '/etc/zookeeper/conf/zoo.cfg']);
    expect(Object.values(configs).filter((text) => text.endsWith('#\n'))).toHaveLength(0);
    await writesGoOn();
  });

  it('had a majority at every moment, never two leaders, and kept every acknowledged write', async () => {
    const rounds = await load.stop();

    expect(rounds.length).toBeGreaterThan(100);
    expect(rounds.filter(hasTwoLeaders)).toEqual([]);
    expect(rounds.filter((round) => living(round) < 2)).toEqual([]);
    for (const { address } of await nodes()) expect((await load.missingAt(address)).stdout.trim()).toBe('');
  });
});
