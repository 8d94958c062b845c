import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeDescription } from '../../src/cli/services/describe-cluster.js';
import { execEverywhere, initProcess, machineIdOf, showCluster } from './support/cluster.js';
import { newHome, type Home } from './support/home.js';
import { buildProject, type Project } from './support/project.js';
import { until } from './support/until.js';
import { hasTwoLeaders, living, startLoad, type ZooKeeperLoad } from './support/zookeeper-load.js';

/** What of a status a test looks at. */
interface Status {
  readonly healthy: boolean;
  readonly nodes: readonly { readonly node: string; readonly health: string }[];
}

describe('a ZooKeeper cluster whose life goes on with writes', () => {
  let project: Project;
  let home: Home;
  let load: ZooKeeperLoad;

  beforeAll(async () => {
    project = await buildProject();
    home = await newHome(project);
    await home.json(['cluster', 'create', 'zk', '--spec', 'zookeeper/basic']);
    const members = await nodes();
    load = await startLoad(home, members[0]?.address ?? '');
    await load.watch(members.map(({ address }) => address));
    await until('the first writes', async () => (await load.acknowledged()) > 20);
  });

  afterAll(async () => {
    await home.dispose();
    await project.remove();
  });

  async function nodes(): Promise<readonly NodeDescription[]> {
    return (await showCluster(home, 'zk')).nodes;
  }

  it('restarts only services whose files change, and keeps a majority', async () => {
    await home.json(['cluster', 'config', 'zk', '--set', 'configuration.zookeeper.tickTimeMs=2500']);

    const configs = await execEverywhere(home, 'zk', ['cat', '/etc/zookeeper/conf/zoo.cfg']);
    expect(Object.values(configs).filter((text) => text.includes('tickTime=2500'))).toHaveLength(3);
  });

  it('gets a dead member back at its place, without that one its help', async () => {
    const before = (await nodes())[2]!;
    const init = await initProcess(home, machineIdOf(before));
    process.kill(init!, 'SIGKILL');
    await until('the machine is off', async () => (await initProcess(home, machineIdOf(before))) === undefined);

    await home.json(['cluster', 'fix', 'zk', '--node', before.name, '--yes']);

    const after = (await nodes())[2]!;
    expect([after.name, after.address]).toEqual([before.name, before.address]);
    expect(machineIdOf(after)).not.toBe(machineIdOf(before));
    const { healthy } = await home.json<Status>(['cluster', 'status', 'zk']);
    expect(healthy).toBe(true);
  });

  it('kept a majority and every acknowledged write', async () => {
    const rounds = await load.stop();

    expect(rounds.filter(hasTwoLeaders)).toEqual([]);
    expect(rounds.filter((round) => living(round) < 2)).toEqual([]);
    for (const { address } of await nodes()) expect((await load.missingAt(address)).stdout.trim()).toBe('');
  });

  it('has other limits in no time, and files that follow them', async () => {
    await home.json(['cluster', 'resize', 'zk', '--group', 'zookeeper', '--memory', '1536']);

    const started = await execEverywhere(home, 'zk', ['systemctl', 'cat', 'zookeeper']);
    expect(Object.values(started).filter((text) => text.includes('-Xmx384m'))).toHaveLength(3);
  });

  it('stops and starts with all that it had', async () => {
    await home.json(['cluster', 'stop', 'zk']);
    expect((await showCluster(home, 'zk')).state).toBe('STOPPED');

    await home.json(['cluster', 'start', 'zk']);

    expect((await showCluster(home, 'zk')).state).toBe('RUNNING');
    await home.json(['cluster', 'verify', 'zk']);
    for (const { address } of await nodes()) expect((await load.missingAt(address)).stdout.trim()).toBe('');
  });
});
